#include "transfer.h"

#include <stdlib.h>
#include <strings.h>

static size_t receive(ccurl_transfer *transfer, sink *sink, const char *bytes, size_t count) {
    transfer->too_large = count > sink->limit - sink->count;
    return !transfer->too_large && sink_append(sink, bytes, count) ? count : CURL_WRITEFUNC_ERROR;
}

static size_t receive_body(char *bytes, size_t size, size_t count, void *context) {
    ccurl_transfer *transfer = context;
    if (transfer->inflow.is_on) return inflow_receive(transfer, bytes, size * count);
    return receive(transfer, &transfer->body, bytes, size * count);
}

// A status line starts a response (an interim 100 may come before the final one); an empty line ends its head. What
// comes after it are trailers, which must not pass for headers.
static size_t receive_header(char *bytes, size_t size, size_t count, void *context) {
    ccurl_transfer *transfer = context;
    size_t length = size * count;
    if (length >= 5 && strncasecmp(bytes, "HTTP/", 5) == 0) {
        transfer->head.count = 0;
        transfer->head_is_complete = false;
        return length;
    }
    if (transfer->head_is_complete) return length;
    if (length <= 2 && (length == 0 || bytes[0] == '\r' || bytes[0] == '\n')) {
        transfer->head_is_complete = true;
        return length;
    }
    return receive(transfer, &transfer->head, bytes, length);
}

// libcurl calls this each time it is about to send the request. When a reused connection breaks before the answer,
// libcurl repeats the request on a new one, unasked; a server may have acted on the first. So it is refused here, and
// the caller, who knows what a repetition costs, decides.
static int before_request(void *context, char *remote, char *local, int remote_port, int local_port) {
    (void)remote, (void)local, (void)remote_port, (void)local_port;
    ccurl_transfer *transfer = context;
    transfer->sendings++;
    bool repetition = ccurl_request_bytes_sent(transfer) > 0;
    return repetition && !transfer->repeatable ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

// The address is the one that the socket will connect to, whatever was looked up before.
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    ccurl_transfer *transfer = context;
    watch *watch = transfer->lane->watch;
    if (guard_permits(&watch->guard, address)) return watch_open(watch, address);
    transfer->address_was_refused = true;
    return CURL_SOCKET_BAD;
}

static void install(ccurl_transfer *transfer) {
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, watch_close);
}

ccurl_transfer *ccurl_transfer_new(void) {
    ccurl_transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer) return NULL;
    transfer->easy = curl_easy_init();
    if (!transfer->easy) {
        free(transfer);
        return NULL;
    }
    install(transfer);
    return transfer;
}

void ccurl_transfer_free(ccurl_transfer *transfer) {
    curl_easy_cleanup(transfer->easy);
    free(transfer->lines);
    free(transfer->request_head.bytes);
    free(transfer->request_body.bytes);
    free(transfer->head.bytes);
    free(transfer->body.bytes);
    free(transfer);
}

void ccurl_forget_options(ccurl_transfer *transfer) {
    curl_easy_reset(transfer->easy);
    install(transfer);
}

void ccurl_forget_exchange(ccurl_transfer *transfer) {
    sink_reset(&transfer->request_head);
    sink_reset(&transfer->request_body);
    sink_reset(&transfer->head);
    sink_reset(&transfer->body);
    transfer->line_count = transfer->sendings = 0;
    transfer->lane = NULL;
    transfer->arrived = NULL;
    transfer->inflow = (inflow){0};
    transfer->head_is_complete = transfer->too_large = transfer->repeatable = false;
    transfer->address_was_refused = false;
    transfer->error[0] = 0;
}

bool ccurl_was_sent_once(const ccurl_transfer *transfer) { return transfer->sendings == 1; }

long ccurl_status(const ccurl_transfer *transfer) {
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

bool ccurl_has_address(const ccurl_transfer *transfer) {
    if (!transfer->lane) return false;
    curl_off_t microseconds = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_NAMELOOKUP_TIME_T, &microseconds);
    return microseconds > 0;
}

int64_t ccurl_request_bytes_sent(const ccurl_transfer *transfer) {
    if (!transfer->lane) return 0;
    long sent = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    return sent;
}

bool ccurl_too_large(const ccurl_transfer *transfer) { return transfer->too_large; }

bool ccurl_address_was_refused(const ccurl_transfer *transfer) { return transfer->address_was_refused; }

bool ccurl_head_is_complete(const ccurl_transfer *transfer) { return transfer->head_is_complete; }

const char *ccurl_error_text(const ccurl_transfer *transfer) { return transfer->error; }

const uint8_t *ccurl_head(const ccurl_transfer *transfer, size_t *count) {
    *count = transfer->head.count;
    return transfer->head.bytes;
}

const uint8_t *ccurl_body(const ccurl_transfer *transfer, size_t *count) {
    *count = transfer->body.count;
    return transfer->body.bytes;
}
