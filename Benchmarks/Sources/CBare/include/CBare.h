// The bare pipeline: what a worker on these C libraries costs when it promises as little as possible. Sluice is measured
// against it.
//
// Three threads: one reads the stream, one makes the calls, one writes down what came of them.
#ifndef CBARE_H
#define CBARE_H

typedef struct {
    int port, database;
    long jobs;
    /// Of a prompt.
    long bytes;
    /// Calls in flight.
    int concurrency;
    /// Jobs in one transaction and one script.
    int batch;
} cbare_options;

typedef struct {
    double seconds, cpu_seconds;
    long max_rss_kilobytes;
} cbare_figures;

/// Fills a stream, then measures how long it takes to empty it. Ends the process when anything fails.
cbare_figures cbare_run(const char *host, const char *upstream, const char *audit, cbare_options options);

#endif
