#include "sink.h"

#include <stdlib.h>
#include <string.h>

// A buffer up to this size stays with a reused transfer.
enum { KEPT_CAPACITY = 16 * 1024, FIRST_CAPACITY = 512 };

static bool grow(sink *sink, size_t capacity) {
    uint8_t *grown = realloc(sink->bytes, capacity);
    if (!grown) return false;
    sink->bytes = grown;
    sink->capacity = capacity;
    return true;
}

bool sink_reserve(sink *sink, size_t count) {
    return sink->count + count <= sink->capacity || grow(sink, sink->count + count);
}

bool sink_append(sink *sink, const char *bytes, size_t count) {
    if (sink->count + count > sink->capacity) {
        size_t capacity = sink->capacity ? sink->capacity : FIRST_CAPACITY;
        while (capacity < sink->count + count) capacity *= 2;
        if (!grow(sink, capacity)) return false;
    }
    memcpy(sink->bytes + sink->count, bytes, count);
    sink->count += count;
    return true;
}

void sink_reset(sink *sink) {
    size_t count = sink->count;
    sink->count = sink->limit = 0;
    if (sink->capacity <= KEPT_CAPACITY) {
        // No keys and prompts in it.
        if (count > 0) memset(sink->bytes, 0, count);
        return;
    }
    free(sink->bytes);
    sink->bytes = NULL;
    sink->capacity = 0;
}
