#include "CHiredis.h"

#include <hiredis/hiredis.h>
#include <hiredis/read.h>
#include <stdlib.h>
#include <string.h>

// A parser that once held a huge reply gives the memory back when the reply has been taken.
#define KEPT_ARENA_BYTES (256 * 1024)
#define KEPT_TOKENS (16 * 1024)

// hiredis frees the objects it was given; ours are only marks in the tape.
#define MARK ((void *)1)

struct chr_parser {
    redisReader *reader;
    const char *error;
    size_t max_reply_bytes;

    uint8_t *arena;
    size_t arena_count, arena_capacity;
    chr_token *tokens;
    size_t token_count, token_capacity;

    // How far the whole replies reach; behind it lies what was read of an unfinished one.
    size_t replies, whole_tokens, whole_bytes;
};

static chr_token *push(chr_parser *p, int32_t kind, int64_t value) {
    if (p->token_count == p->token_capacity) {
        size_t capacity = p->token_capacity ? p->token_capacity * 2 : 64;
        chr_token *grown = realloc(p->tokens, capacity * sizeof(chr_token));
        if (!grown) return NULL;
        p->tokens = grown;
        p->token_capacity = capacity;
    }
    chr_token *token = &p->tokens[p->token_count++];
    token->kind = kind;
    token->value = value;
    token->offset = 0;
    return token;
}

static int reserve(chr_parser *p, size_t count) {
    if (count <= p->arena_capacity - p->arena_count) return 1;
    size_t capacity = p->arena_capacity ? p->arena_capacity : 4096;
    while (capacity - p->arena_count < count) capacity *= 2;
    uint8_t *grown = realloc(p->arena, capacity);
    if (!grown) return 0;
    p->arena = grown;
    p->arena_capacity = capacity;
    return 1;
}

// The bytes lie in hiredis' own buffer and are valid only during the callback, hence the copy.
static void *make_string(const redisReadTask *task, char *bytes, size_t count) {
    chr_parser *p = task->privdata;
    if (!reserve(p, count)) return NULL;
    chr_token *token = push(p, task->type == REDIS_REPLY_ERROR ? CHR_ERROR : CHR_BYTES, (int64_t)count);
    if (!token) return NULL;
    token->offset = p->arena_count;
    if (count > 0) memcpy(p->arena + p->arena_count, bytes, count);
    p->arena_count += count;
    return MARK;
}

#if HIREDIS_MAJOR >= 1
static void *make_array(const redisReadTask *task, size_t count) {
#else
static void *make_array(const redisReadTask *task, int count) {
#endif
    return push(task->privdata, CHR_ARRAY, (int64_t)count) ? MARK : NULL;
}

static void *make_integer(const redisReadTask *task, long long value) {
    return push(task->privdata, CHR_INTEGER, value) ? MARK : NULL;
}

static void *make_null(const redisReadTask *task) {
    return push(task->privdata, CHR_NULL, 0) ? MARK : NULL;
}

#if HIREDIS_MAJOR >= 1
// Only RESP3 has these two and we never ask for it; a missing function would leave a hole in the tape.
static void *make_double(const redisReadTask *task, double value, char *bytes, size_t count) {
    (void)value;
    return make_string(task, bytes, count);
}

static void *make_bool(const redisReadTask *task, int value) {
    return make_integer(task, value);
}
#endif

static void free_mark(void *mark) {
    (void)mark;
}

static redisReplyObjectFunctions functions = {
    .createString = make_string,
    .createArray = make_array,
    .createInteger = make_integer,
    .createNil = make_null,
#if HIREDIS_MAJOR >= 1
    .createDouble = make_double,
    .createBool = make_bool,
#endif
    .freeObject = free_mark,
};

chr_parser *chr_parser_create(size_t max_reply_bytes) {
    chr_parser *p = calloc(1, sizeof(chr_parser));
    if (!p) return NULL;
    p->reader = redisReaderCreateWithFunctions(&functions);
    if (!p->reader) {
        free(p);
        return NULL;
    }
    p->reader->privdata = p;
    p->max_reply_bytes = max_reply_bytes;
    return p;
}

void chr_parser_free(chr_parser *p) {
    if (!p) return;
    redisReaderFree(p->reader);
    free(p->arena);
    free(p->tokens);
    free(p);
}

// What the unfinished reply holds by now: its tape, and bytes of a string whose end has not come.
static size_t unfinished_bytes(const chr_parser *p) {
    return (p->arena_count - p->whole_bytes) + (p->token_count - p->whole_tokens) * sizeof(chr_token) +
           (p->reader->len - p->reader->pos);
}

int chr_parser_feed(chr_parser *p, const void *bytes, size_t count) {
    if (p->error) return -1;
    void *reply = NULL;
    if (redisReaderFeed(p->reader, bytes, count) != REDIS_OK) p->error = p->reader->errstr;
    while (!p->error) {
        if (redisReaderGetReply(p->reader, &reply) != REDIS_OK) {
            p->error = p->reader->errstr;
        } else if (!reply) {
            break;
        } else {
            p->replies += 1;
            p->whole_tokens = p->token_count;
            p->whole_bytes = p->arena_count;
        }
    }
    if (!p->error && unfinished_bytes(p) > p->max_reply_bytes) p->error = "reply is larger than allowed";
    return p->error ? -1 : 0;
}

const char *chr_parser_error(const chr_parser *p) {
    return p->error ? p->error : "";
}

size_t chr_parser_replies(const chr_parser *p) {
    return p->replies;
}

const chr_token *chr_parser_tokens(const chr_parser *p) {
    return p->tokens;
}

const uint8_t *chr_parser_arena(const chr_parser *p) {
    return p->arena;
}

size_t chr_parser_arena_count(const chr_parser *p) {
    return p->whole_bytes;
}

static void shrink(chr_parser *p) {
    if (p->arena_capacity > KEPT_ARENA_BYTES && p->arena_count == 0) {
        free(p->arena);
        p->arena = NULL;
        p->arena_capacity = 0;
    }
    if (p->token_capacity > KEPT_TOKENS && p->token_count == 0) {
        free(p->tokens);
        p->tokens = NULL;
        p->token_capacity = 0;
    }
}

void chr_parser_consume(chr_parser *p) {
    if (p->replies == 0) return;
    p->token_count -= p->whole_tokens;
    p->arena_count -= p->whole_bytes;
    if (p->token_count > 0) memmove(p->tokens, p->tokens + p->whole_tokens, p->token_count * sizeof(chr_token));
    if (p->arena_count > 0) memmove(p->arena, p->arena + p->whole_bytes, p->arena_count);
    for (size_t i = 0; i < p->token_count; i++) {
        chr_token *token = &p->tokens[i];
        if (token->kind == CHR_BYTES || token->kind == CHR_ERROR) token->offset -= p->whole_bytes;
    }
    p->replies = p->whole_tokens = p->whole_bytes = 0;
    shrink(p);
}
