// What Swift cannot do itself with libcurl: variadic calls, C callbacks, epoll and eventfd.
//
// Ownership. A `ccurl_transfer` owns its easy handle, its copies of the request's headers and body and both response
// buffers; `ccurl_transfer_free` frees them all. A `ccurl_loop` owns the multi handles, the epoll set and the eventfd; it
// borrows a transfer from `ccurl_loop_add` until `ccurl_loop_remove` or `ccurl_loop_next_finished` gives it back, and in
// that time only the loop's thread may touch the transfer.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ccurl_transfer ccurl_transfer;

/// NULL when memory is short.
ccurl_transfer *ccurl_transfer_new(void);
void ccurl_transfer_free(ccurl_transfer *transfer);
/// Back to libcurl's defaults, but for what makes it a transfer of ours.
void ccurl_forget_options(ccurl_transfer *transfer);
/// Headers, body and response are gone and so are large buffers; the options stay.
void ccurl_forget_exchange(ccurl_transfer *transfer);

CURLcode ccurl_set_long(ccurl_transfer *transfer, CURLoption option, long value);
CURLcode ccurl_set_offset(ccurl_transfer *transfer, CURLoption option, int64_t value);
/// libcurl copies the string.
CURLcode ccurl_set_string(ccurl_transfer *transfer, CURLoption option, const char *value);
/// Copies the body and makes the request one that carries a body, though it be empty.
CURLcode ccurl_set_body(ccurl_transfer *transfer, const uint8_t *bytes, size_t count);
/// Copies both. False when memory is short.
bool ccurl_add_header(
    ccurl_transfer *transfer, const char *name, size_t name_count, const char *value, size_t value_count);
/// Takes away a header that libcurl would add by itself. False when memory is short.
bool ccurl_remove_header(ccurl_transfer *transfer, const char *name);
/// After the last of these two.
CURLcode ccurl_set_headers(ccurl_transfer *transfer);
/// The most response bytes to keep; more ends the transfer, and `ccurl_too_large` says so.
void ccurl_set_limits(ccurl_transfer *transfer, size_t head, size_t body);
/// Whether libcurl may send the request again by itself after a kept-alive connection broke under it.
void ccurl_set_repeatable(ccurl_transfer *transfer, bool repeatable);

/// The answer is taken as it arrives: its body holds what was not taken yet, and about so much at most.
void ccurl_set_inflow(ccurl_transfer *transfer, size_t window);
/// The body as it is was taken.
void ccurl_arrived_taken(ccurl_transfer *transfer);
/// No more of the answer is wanted for now; libcurl leaves it to the kernel.
void ccurl_inflow_hold(ccurl_transfer *transfer);
/// There is room: also after the arrived was taken.
void ccurl_inflow_resume(ccurl_transfer *transfer);

/// False when libcurl did not come to send the request or did it anew. Then it remembers the retry.
bool ccurl_was_sent_once(const ccurl_transfer *transfer);

long ccurl_status(const ccurl_transfer *transfer);
/// Whether the transfer is past its name look-up.
bool ccurl_has_address(const ccurl_transfer *transfer);
/// How many bytes of the request the kernel took; 0 means that no server can have seen any of it.
int64_t ccurl_request_bytes_sent(const ccurl_transfer *transfer);
bool ccurl_too_large(const ccurl_transfer *transfer);
/// Whether the loop's guard refused an address that the transfer would have gone to.
bool ccurl_address_was_refused(const ccurl_transfer *transfer);
/// Whether the empty line after the final response's headers came.
bool ccurl_head_is_complete(const ccurl_transfer *transfer);
/// libcurl's own words for the last error; empty when it had none.
const char *ccurl_error_text(const ccurl_transfer *transfer);
/// The header lines of the final response with their line ends, without status line and trailers.
const uint8_t *ccurl_head(const ccurl_transfer *transfer, size_t *count);
const uint8_t *ccurl_body(const ccurl_transfer *transfer, size_t *count);

typedef struct ccurl_loop ccurl_loop;

typedef enum { CCURL_IDLE, CCURL_WOKEN, CCURL_BROKEN } ccurl_turn;

/// Whether a connection to this address may be opened: 16 bytes of IPv6, or ::ffff:0:0/96 for IPv4. Called on the loop's
/// thread with the address that the socket would really connect to, so what a name meant before does not count.
typedef bool (*ccurl_may_connect)(void *context, const uint8_t *address);

/// NULL when the kernel or libcurl refuses. Without `may_connect` every address may be connected to.
ccurl_loop *ccurl_loop_new(
    long maximum_connections, long maximum_host_connections, bool multiplex, ccurl_may_connect may_connect,
    void *context);
/// Closes every connection. On the loop's thread, after all transfers were given back.
void ccurl_loop_close(ccurl_loop *loop);
/// After the last `ccurl_loop_wake`.
void ccurl_loop_free(ccurl_loop *loop);

/// Starts the transfer, and sends the request if there is a connection for it.
CURLMcode ccurl_loop_add(ccurl_loop *loop, ccurl_transfer *transfer, uint64_t id);
/// Ends the transfer wherever it is; a connection it had to itself is closed at once.
void ccurl_loop_remove(ccurl_transfer *transfer);
/// Waits for sockets, timers or a wake-up and serves them once; at most so long, if not negative.
ccurl_turn ccurl_loop_turn(ccurl_loop *loop, int milliseconds);
/// Gives back one ended transfer; false when there is none.
bool ccurl_loop_next_finished(ccurl_loop *loop, uint64_t *id, CURLcode *code);
/// One transfer of which something has arrived; false when there is none. Before finished ones are asked for.
bool ccurl_loop_next_arrived(ccurl_loop *loop, uint64_t *id);
/// From any thread.
void ccurl_loop_wake(ccurl_loop *loop);

/// Keeps the calling thread (and the resolver threads it starts) from taking the process's signals.
void ccurl_block_signals(void);

#endif
