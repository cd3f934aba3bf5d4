#include "pipeline.h"

void line_open(line *line) {
    pthread_mutex_init(&line->lock, NULL);
    pthread_cond_init(&line->changed, NULL);
    line->first = NULL;
    line->end = &line->first;
    line->count = 0;
    line->is_closed = false;
}

void line_put(line *line, job *chain, long count) {
    if (!chain) return;
    pthread_mutex_lock(&line->lock);
    while (line->count >= WAITING_JOBS) pthread_cond_wait(&line->changed, &line->lock);
    *line->end = chain;
    while (chain->next) chain = chain->next;
    line->end = &chain->next;
    line->count += count;
    pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
}

void line_close(line *line) {
    pthread_mutex_lock(&line->lock);
    line->is_closed = true;
    pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
}

static job *cut(line *line, long most, long *count) {
    job *chain = line->first, **rest = &chain;
    for (*count = 0; *rest && *count < most; ++*count) rest = &(*rest)->next;
    line->first = *rest;
    line->count -= *count;
    if (!line->first) line->end = &line->first;
    *rest = NULL;
    return chain;
}

job *line_take(line *line, long least, long most, long *count) {
    pthread_mutex_lock(&line->lock);
    while (line->count < least && !line->is_closed) pthread_cond_wait(&line->changed, &line->lock);
    job *chain = cut(line, most, count);
    // There are two threads to a line, so whoever waits is the other one.
    if (*count > 0) pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
    return chain;
}
