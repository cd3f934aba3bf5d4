#ifndef REDIS_H
#define REDIS_H

#include <hiredis/hiredis.h>

#include "pipeline.h"

redisContext *redis_connect(const pipeline *pipeline);
/// Sends what was appended.
void redis_flush(redisContext *context);
/// The next reply; an error reply ends the process.
redisReply *redis_reply(redisContext *context);

#endif
