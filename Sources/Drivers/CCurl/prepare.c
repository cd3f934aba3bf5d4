#include <stdlib.h>
#include <string.h>

#include "transfer.h"

enum { FIRST_LINES = 12 };

CURLcode ccurl_set_long(ccurl_transfer *transfer, CURLoption option, long value) {
    return (curl_easy_setopt)(transfer->easy, option, value);
}

CURLcode ccurl_set_offset(ccurl_transfer *transfer, CURLoption option, int64_t value) {
    return (curl_easy_setopt)(transfer->easy, option, (curl_off_t)value);
}

CURLcode ccurl_set_string(ccurl_transfer *transfer, CURLoption option, const char *value) {
    return (curl_easy_setopt)(transfer->easy, option, value);
}

CURLcode ccurl_set_body(ccurl_transfer *transfer, const uint8_t *bytes, size_t count) {
    sink *body = &transfer->request_body;
    if (!sink_reserve(body, count) || !sink_append(body, count ? (const char *)bytes : "", count ? count : 1))
        return CURLE_OUT_OF_MEMORY;
    CURLcode code = curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code != CURLE_OK) return code;
    return curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, body->bytes);
}

static bool make_room_for_line(ccurl_transfer *transfer) {
    if (transfer->line_count < transfer->line_capacity) return true;
    size_t capacity = transfer->line_capacity ? transfer->line_capacity * 2 : FIRST_LINES;
    struct curl_slist *lines = realloc(transfer->lines, capacity * sizeof *lines);
    if (!lines) return false;
    transfer->lines = lines;
    transfer->line_capacity = capacity;
    return true;
}

static bool is_blank(const char *value, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (value[i] != ' ' && value[i] != '\t') return false;
    return true;
}

bool ccurl_add_header(
    ccurl_transfer *transfer, const char *name, size_t name_count, const char *value, size_t value_count) {
    sink *head = &transfer->request_head;
    if (!make_room_for_line(transfer)) return false;
    // An offset, while the strings may move.
    transfer->lines[transfer->line_count++].data = (char *)head->count;
    if (!sink_append(head, name, name_count)) return false;
    // libcurl's spelling of a header without a value.
    if (is_blank(value, value_count)) return sink_append(head, ";", 2);
    return sink_append(head, ": ", 2) && sink_append(head, value, value_count) && sink_append(head, "", 1);
}

bool ccurl_remove_header(ccurl_transfer *transfer, const char *name) {
    sink *head = &transfer->request_head;
    if (!make_room_for_line(transfer)) return false;
    transfer->lines[transfer->line_count++].data = (char *)head->count;
    return sink_append(head, name, strlen(name)) && sink_append(head, ":", 2);
}

CURLcode ccurl_set_headers(ccurl_transfer *transfer) {
    struct curl_slist *lines = transfer->lines;
    for (size_t i = 0; i < transfer->line_count; i++) {
        lines[i].data = (char *)transfer->request_head.bytes + (size_t)lines[i].data;
        lines[i].next = i + 1 < transfer->line_count ? &lines[i + 1] : NULL;
    }
    return curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->line_count ? lines : NULL);
}

void ccurl_set_limits(ccurl_transfer *transfer, size_t head, size_t body) {
    transfer->head.limit = head;
    transfer->body.limit = body;
}

void ccurl_set_repeatable(ccurl_transfer *transfer, bool repeatable) { transfer->repeatable = repeatable; }
