#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redis.h"

enum { WRITES_UNDERWAY = 1000 };

static void open_stream(redisContext *redis) {
    redisAppendCommand(redis, "DEL " STREAM);
    freeReplyObject(redis_reply(redis));
    redisAppendCommand(redis, "XGROUP CREATE " STREAM " " GROUP " 0 MKSTREAM");
    freeReplyObject(redis_reply(redis));
}

/// A chat completion with a prompt of so many bytes.
static char *request(long bytes) {
    static const char head[] = "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"", tail[] = "\"}]}";
    static const char words[] = "Why is the sky blue, and why is it red in the evening? ";
    char *text = malloc(sizeof head + sizeof tail + bytes);
    if (!text) die("out of memory");
    memcpy(text, head, sizeof head - 1);
    char *prompt = text + sizeof head - 1;
    for (long i = 0; i < bytes; i++) prompt[i] = words[i % (sizeof words - 1)];
    memcpy(prompt + bytes, tail, sizeof tail);
    return text;
}

void fill_stream(const pipeline *pipeline) {
    redisContext *redis = redis_connect(pipeline);
    open_stream(redis);
    char *body = request(pipeline->options.bytes);
    for (long left = pipeline->options.jobs; left > 0; left -= WRITES_UNDERWAY) {
        long count = left < WRITES_UNDERWAY ? left : WRITES_UNDERWAY;
        for (long i = 0; i < count; i++) redisAppendCommand(redis, "XADD " STREAM " * body %s", body);
        for (long i = 0; i < count; i++) freeReplyObject(redis_reply(redis));
    }
    free(body);
    redisFree(redis);
}

static job *job_from(const redisReply *entry) {
    const redisReply *id = entry->element[0], *body = entry->element[1]->element[1];
    job *job = calloc(1, sizeof *job + body->len);
    if (!job) die("out of memory");
    snprintf(job->id, sizeof job->id, "%s", id->str);
    memcpy(job->body, body->str, body->len);
    job->body_count = body->len;
    return job;
}

/// Returns how many jobs there were.
static size_t read_some(pipeline *pipeline, redisContext *redis) {
    redisAppendCommand(redis, "XREADGROUP GROUP " GROUP " bare COUNT 100 STREAMS " STREAM " >");
    redisReply *reply = redis_reply(redis);
    size_t count = 0;
    if (reply->type == REDIS_REPLY_ARRAY) {
        const redisReply *entries = reply->element[0]->element[1];
        job *chain = NULL, **end = &chain;
        for (count = 0; count < entries->elements; count++) {
            *end = job_from(entries->element[count]);
            end = &(*end)->next;
        }
        line_put(&pipeline->ready, chain, (long)count);
    }
    freeReplyObject(reply);
    return count;
}

void read_jobs(pipeline *pipeline) {
    redisContext *redis = redis_connect(pipeline);
    while (read_some(pipeline, redis) > 0) {}
    line_close(&pipeline->ready);
    redisFree(redis);
}
