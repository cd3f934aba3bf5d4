#include "redis.h"

redisContext *redis_connect(const pipeline *pipeline) {
    redisContext *context = redisConnect(pipeline->host, pipeline->options.port);
    if (!context || context->err) die("redis: %s", context ? context->errstr : "out of memory");
    redisAppendCommand(context, "SELECT %d", pipeline->options.database);
    freeReplyObject(redis_reply(context));
    return context;
}

void redis_flush(redisContext *context) {
    int done = 0;
    while (!done) {
        if (redisBufferWrite(context, &done) != REDIS_OK) die("redis: %s", context->errstr);
    }
}

redisReply *redis_reply(redisContext *context) {
    void *found = NULL;
    if (redisGetReply(context, &found) != REDIS_OK) die("redis: %s", context->errstr);
    redisReply *reply = found;
    if (reply->type == REDIS_REPLY_ERROR) die("redis: %s", reply->str);
    return reply;
}
