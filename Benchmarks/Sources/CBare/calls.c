#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "pipeline.h"

enum { EVENTS_A_TURN = 256, KEPT_CONNECTIONS = 4096, FIRST_CAPACITY = 2048 };

/// An easy handle, set up once, and the job that it carries.
typedef struct call {
    struct call *next;
    CURL *easy;
    job *job;
} call;

typedef struct {
    pipeline *pipeline;
    CURLM *multi;
    struct curl_slist *headers;
    int epoll;
    int64_t due;  // when libcurl wants its timer, -1 for never
    call *idle;
    int idle_count;
} calls;

static int on_timer(CURLM *multi, long wait, void *context) {
    (void)multi;
    ((calls *)context)->due = wait < 0 ? -1 : wait == 0 ? 0 : milliseconds() + wait;
    return 0;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    (void)easy;
    calls *calls = context;
    struct epoll_event event = {.data.fd = socket};
    if (what & CURL_POLL_IN) event.events |= EPOLLIN;
    if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
    int change = what == CURL_POLL_REMOVE ? EPOLL_CTL_DEL : known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    epoll_ctl(calls->epoll, change, socket, &event);
    if (!known) curl_multi_assign(calls->multi, socket, calls);
    return 0;
}

static size_t on_answer(char *bytes, size_t size, size_t count, void *context) {
    job *job = ((call *)context)->job;
    size_t needed = job->answer_count + size * count;
    if (needed > job->answer_capacity) {
        size_t capacity = needed > FIRST_CAPACITY ? needed * 2 : FIRST_CAPACITY;
        job->answer = realloc(job->answer, capacity);
        job->answer_capacity = capacity;
        if (!job->answer) die("out of memory");
    }
    memcpy(job->answer + job->answer_count, bytes, size * count);
    job->answer_count = needed;
    return size * count;
}

static void add_idle(calls *calls, call *call) {
    call->next = calls->idle;
    calls->idle = call;
    calls->idle_count += 1;
}

static void set_up(calls *calls, call *call) {
    call->easy = curl_easy_init();
    curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(call->easy, CURLOPT_URL, calls->pipeline->upstream);
    curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, calls->headers);
    curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, 120000L);
    add_idle(calls, call);
}

static void start(calls *calls, job *job) {
    call *call = calls->idle;
    calls->idle = call->next;
    calls->idle_count -= 1;
    const char *body = job->body;
    call->job = job;
    job->started = milliseconds();
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->body_count);
    curl_multi_add_handle(calls->multi, call->easy);
}

/// Starts as many as there are idle handles; with nothing in flight, it waits for a first job. Returns how many.
static long start_ready(calls *calls) {
    if (calls->idle_count == 0) return 0;
    bool is_idle = calls->idle_count == calls->pipeline->options.concurrency;
    long count;
    job *chain = line_take(&calls->pipeline->ready, is_idle ? 1 : 0, calls->idle_count, &count);
    while (chain) {
        job *job = chain;
        chain = job->next;
        job->next = NULL;
        start(calls, job);
    }
    return count;
}

static int patience(const calls *calls) {
    // With handles to spare, look for new jobs soon.
    int64_t wait = calls->idle_count > 0 ? 1 : 1000;
    if (calls->due < 0) return (int)wait;
    int64_t left = calls->due - milliseconds();
    return left < 0 ? 0 : left < wait ? (int)left : (int)wait;
}

static void serve(calls *calls, curl_socket_t socket, uint32_t events) {
    int mask = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0), running;
    curl_multi_socket_action(calls->multi, socket, events & (EPOLLERR | EPOLLHUP) ? 0 : mask, &running);
}

static void turn(calls *calls) {
    struct epoll_event events[EVENTS_A_TURN];
    int count = epoll_wait(calls->epoll, events, EVENTS_A_TURN, patience(calls)), running;
    for (int i = 0; i < count; i++) serve(calls, events[i].data.fd, events[i].events);
    if (calls->due < 0 || calls->due > milliseconds()) return;
    calls->due = -1;
    curl_multi_socket_action(calls->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

static job *finish(calls *calls, CURLMsg *message) {
    call *call = NULL;
    CURL *easy = message->easy_handle;
    CURLcode code = message->data.result;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&call);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &call->job->status);
    if (code != CURLE_OK) die("upstream: %s", curl_easy_strerror(code));
    if (call->job->status != 200) die("upstream: answered %ld", call->job->status);
    curl_multi_remove_handle(calls->multi, easy);
    call->job->ended = milliseconds();
    add_idle(calls, call);
    return call->job;
}

/// Hands what has ended to the next thread. Returns how many.
static long hand_over(calls *calls) {
    job *chain = NULL, **end = &chain;
    long count = 0;
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(calls->multi, &left))) {
        *end = finish(calls, message);
        end = &(*end)->next;
        count += 1;
    }
    line_put(&calls->pipeline->done, chain, count);
    return count;
}

static void open_calls(calls *calls, call *all, int count) {
    calls->epoll = epoll_create1(EPOLL_CLOEXEC);
    calls->multi = curl_multi_init();
    if (calls->epoll < 0 || !calls->multi) die("no epoll or no libcurl");
    curl_multi_setopt(calls->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(calls->multi, CURLMOPT_SOCKETDATA, calls);
    curl_multi_setopt(calls->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(calls->multi, CURLMOPT_TIMERDATA, calls);
    curl_multi_setopt(calls->multi, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS);
    calls->headers = curl_slist_append(NULL, "Content-Type: application/json");
    calls->headers = curl_slist_append(calls->headers, "api-key: 0123456789abcdef0123456789abcdef");
    // Without it, a large prompt waits for a permission that the server may not give.
    calls->headers = curl_slist_append(calls->headers, "Expect:");
    for (int i = 0; i < count; i++) set_up(calls, &all[i]);
}

static void close_calls(calls *calls, call *all, int count) {
    for (int i = 0; i < count; i++) curl_easy_cleanup(all[i].easy);
    curl_multi_cleanup(calls->multi);
    curl_slist_free_all(calls->headers);
    close(calls->epoll);
}

void make_calls(pipeline *pipeline) {
    int concurrency = pipeline->options.concurrency;
    call *all = calloc(concurrency, sizeof *all);
    if (!all) die("out of memory");
    calls calls = {.pipeline = pipeline, .due = -1};
    open_calls(&calls, all, concurrency);
    for (long left = pipeline->options.jobs; left > 0; left -= hand_over(&calls)) {
        start_ready(&calls);
        turn(&calls);
    }
    line_close(&pipeline->done);
    close_calls(&calls, all, concurrency);
    free(all);
}
