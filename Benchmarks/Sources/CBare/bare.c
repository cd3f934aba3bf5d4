#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "pipeline.h"

void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("bare pipeline: ", stderr);
    vfprintf(stderr, format, arguments);
    fputs("\n", stderr);
    va_end(arguments);
    exit(1);
}

int64_t milliseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static double seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds_of(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static double cpu_seconds(struct rusage usage) { return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime); }

static void *reading(void *context) {
    read_jobs(context);
    return NULL;
}

static void *writing(void *context) {
    write_down(context);
    return NULL;
}

static void empty_stream(pipeline *pipeline) {
    pthread_t reader, writer;
    if (pthread_create(&reader, NULL, reading, pipeline)) die("no thread");
    if (pthread_create(&writer, NULL, writing, pipeline)) die("no thread");
    make_calls(pipeline);
    pthread_join(reader, NULL);
    pthread_join(writer, NULL);
}

cbare_figures cbare_run(const char *host, const char *upstream, const char *audit, cbare_options options) {
    pipeline pipeline = {.host = host, .upstream = upstream, .audit = audit, .options = options};
    line_open(&pipeline.ready);
    line_open(&pipeline.done);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    fill_stream(&pipeline);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    double start = seconds();
    empty_stream(&pipeline);
    double end = seconds();
    getrusage(RUSAGE_SELF, &after);
    return (cbare_figures){
        .seconds = end - start,
        .cpu_seconds = cpu_seconds(after) - cpu_seconds(before),
        .max_rss_kilobytes = after.ru_maxrss,
    };
}
