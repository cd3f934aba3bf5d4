#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redis.h"

enum { FIXED_WORDS = 4, WORDS_A_JOB = 4, ROW_BYTES = 256 };

// Result, ledger and their expiry of each job; then its stream entry goes.
static const char script[] =
    "local ids = {}\n"
    "for i = 1, #ARGV, 4 do\n"
    "  local id, status, answer, row = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]\n"
    "  local record = 'bare:job:' .. id\n"
    "  redis.call('HSET', record, 'state', 'completed', 'status', status, 'answer', answer, 'ledger', row)\n"
    "  redis.call('EXPIRE', record, 86400)\n"
    "  ids[#ids + 1] = id\n"
    "end\n"
    "redis.call('XACK', KEYS[1], '" GROUP "', unpack(ids))\n"
    "redis.call('XDEL', KEYS[1], unpack(ids))\n"
    "return #ids\n";

typedef struct {
    redisContext *redis;
    char sha[48];
    /// A script is under way whose reply has not been read.
    bool awaits;
    const char **words;
    size_t *counts;
    int used;
    char (*rows)[ROW_BYTES], (*statuses)[16];
} writer;

static void word(writer *writer, const char *bytes, size_t count) {
    writer->words[writer->used] = bytes;
    writer->counts[writer->used++] = count;
}

static void text(writer *writer, const char *text) { word(writer, text, strlen(text)); }

static void open_writer(writer *writer, const pipeline *pipeline) {
    int batch = pipeline->options.batch;
    writer->redis = redis_connect(pipeline);
    redisAppendCommand(writer->redis, "SCRIPT LOAD %s", script);
    redisReply *sha = redis_reply(writer->redis);
    snprintf(writer->sha, sizeof writer->sha, "%s", sha->str);
    freeReplyObject(sha);
    writer->words = calloc(FIXED_WORDS + WORDS_A_JOB * batch, sizeof *writer->words);
    writer->counts = calloc(FIXED_WORDS + WORDS_A_JOB * batch, sizeof *writer->counts);
    writer->rows = calloc(batch, ROW_BYTES);
    writer->statuses = calloc(batch, sizeof *writer->statuses);
    if (!writer->words || !writer->counts || !writer->rows || !writer->statuses) die("out of memory");
}

static void add(writer *writer, const job *job, long place) {
    snprintf(writer->statuses[place], sizeof *writer->statuses, "%ld", job->status);
    snprintf(
        writer->rows[place], ROW_BYTES,
        "{\"number\":1,\"endpoint\":\"stub\",\"worker\":\"bare\",\"started_at\":%" PRId64 ",\"ended_at\":%" PRId64
        ",\"outcome\":\"completed\",\"status_code\":%ld}",
        job->started, job->ended, job->status);
    text(writer, job->id);
    text(writer, writer->statuses[place]);
    word(writer, job->answer ? job->answer : "", job->answer_count);
    text(writer, writer->rows[place]);
}

static void await(writer *writer) {
    if (writer->awaits) freeReplyObject(redis_reply(writer->redis));
    writer->awaits = false;
}

/// The script runs while the next transaction is written.
static void send(writer *writer, const job *chain) {
    writer->used = 0;
    text(writer, "EVALSHA");
    text(writer, writer->sha);
    text(writer, "1");
    text(writer, STREAM);
    for (long place = 0; chain; chain = chain->next) add(writer, chain, place++);
    await(writer);
    redisAppendCommandArgv(writer->redis, writer->used, writer->words, writer->counts);
    redis_flush(writer->redis);
    writer->awaits = true;
}

static void close_writer(writer *writer) {
    await(writer);
    redisFree(writer->redis);
    free(writer->words);
    free(writer->counts);
    free(writer->rows);
    free(writer->statuses);
}

static void free_chain(job *chain) {
    while (chain) {
        job *next = chain->next;
        free(chain->answer);
        free(chain);
        chain = next;
    }
}

void write_down(pipeline *pipeline) {
    audit *audit = audit_open(pipeline->audit);
    writer writer = {0};
    open_writer(&writer, pipeline);
    long count;
    job *chain;
    while ((chain = line_take(&pipeline->done, pipeline->options.batch, pipeline->options.batch, &count))) {
        audit_commit(audit, chain);
        send(&writer, chain);
        free_chain(chain);
    }
    close_writer(&writer);
    audit_close(audit);
}
