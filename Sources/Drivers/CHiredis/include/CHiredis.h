// The face of hiredis that Swift sees: bytes go in, a flat list of tokens and one arena of bytes come out.
// Nothing of hiredis' own types shows, because they differ between 0.14 and 1.x.
#ifndef CHIREDIS_H
#define CHIREDIS_H

#include <stddef.h>
#include <stdint.h>

enum {
    CHR_NULL = 0,
    CHR_INTEGER = 1,
    CHR_BYTES = 2,
    CHR_ARRAY = 3,
    CHR_ERROR = 4,
};

// One element of a reply, in the order of the wire: an array's token comes before those of its elements.
typedef struct {
    int64_t value;    // the integer; the number of bytes; or the number of elements
    uint64_t offset;  // where the bytes begin in the arena (CHR_BYTES and CHR_ERROR)
    int32_t kind;
} chr_token;

typedef struct chr_parser chr_parser;

// NULL when there is no memory. A reply that needs more than max_reply_bytes is an error.
chr_parser *chr_parser_create(size_t max_reply_bytes);
void chr_parser_free(chr_parser *parser);

// Copies the bytes and parses what is whole. Returns 0, or -1 with a text in chr_parser_error; after an error the
// replies before it are still there, and the parser takes no more bytes.
int chr_parser_feed(chr_parser *parser, const void *bytes, size_t count);
const char *chr_parser_error(const chr_parser *parser);

// The whole replies since the last chr_parser_consume. The pointers are valid until the next feed or consume.
size_t chr_parser_replies(const chr_parser *parser);
const chr_token *chr_parser_tokens(const chr_parser *parser);
const uint8_t *chr_parser_arena(const chr_parser *parser);
size_t chr_parser_arena_count(const chr_parser *parser);

// Forgets the whole replies; what was read of an unfinished one stays.
void chr_parser_consume(chr_parser *parser);

#endif
