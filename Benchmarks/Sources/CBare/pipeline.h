#ifndef PIPELINE_H
#define PIPELINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CBare.h"

#define STREAM "bare:jobs"
#define GROUP "workers"

// In a line; what is slower is waited for, so that memory stays small.
enum { WAITING_JOBS = 1000 };

typedef struct job {
    struct job *next;
    char id[32];
    int64_t started, ended;  // ms
    long status;
    char *answer;
    size_t answer_count, answer_capacity;
    size_t body_count;
    char body[];
} job;

/// Jobs on their way from one thread to the next, in order.
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    job *first, **end;
    long count;
    /// Nothing comes any more.
    bool is_closed;
} line;

void line_open(line *line);
/// Adds a chain of jobs, once the line has room.
void line_put(line *line, job *chain, long count);
void line_close(line *line);
/// Takes up to `most` jobs once `least` are there or the line is closed; their number is left in `count`.
job *line_take(line *line, long least, long most, long *count);

typedef struct {
    const char *host, *upstream, *audit;
    cbare_options options;
    line ready, done;
} pipeline;

void fill_stream(const pipeline *pipeline);
void read_jobs(pipeline *pipeline);
void make_calls(pipeline *pipeline);
void write_down(pipeline *pipeline);

typedef struct audit audit;
audit *audit_open(const char *path);
/// One transaction for the chain.
void audit_commit(audit *audit, const job *chain);
void audit_close(audit *audit);

int64_t milliseconds(void);
/// Of a measurement that did not happen, nothing can be said.
_Noreturn void die(const char *format, ...);

#endif
