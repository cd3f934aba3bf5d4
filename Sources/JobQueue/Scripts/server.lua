-- Which server this is, and how far its memory reached when this life of it began.
-- KEYS  1 prefix of the partition
-- returns {identity, time of the last write that it knew when it began (ms; '' if it knew of none)}
local this, reach = live()
return { this, reach }
