#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline.h"

struct audit {
    sqlite3 *file;
    sqlite3_stmt *begin, *insert, *commit;
};

static const char schema[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "CREATE TABLE IF NOT EXISTS attempts (id INTEGER PRIMARY KEY, job TEXT NOT NULL, number INTEGER NOT NULL,"
    " endpoint TEXT NOT NULL, worker TEXT NOT NULL, started_at_ms INTEGER NOT NULL, ended_at_ms INTEGER NOT NULL,"
    " outcome TEXT NOT NULL, status_code INTEGER NOT NULL, answer BLOB NOT NULL) STRICT;";

static void check(audit *audit, int code) {
    if (code != SQLITE_OK && code != SQLITE_DONE) die("sqlite: %s", sqlite3_errmsg(audit->file));
}

static sqlite3_stmt *prepare(audit *audit, const char *sql) {
    sqlite3_stmt *statement = NULL;
    check(audit, sqlite3_prepare_v3(audit->file, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    return statement;
}

audit *audit_open(const char *path) {
    audit *audit = calloc(1, sizeof *audit);
    if (!audit) die("out of memory");
    check(audit, sqlite3_open(path, &audit->file));
    check(audit, sqlite3_exec(audit->file, schema, NULL, NULL, NULL));
    audit->begin = prepare(audit, "BEGIN IMMEDIATE");
    audit->commit = prepare(audit, "COMMIT");
    audit->insert = prepare(
        audit,
        "INSERT INTO attempts (job, number, endpoint, worker, started_at_ms, ended_at_ms, outcome, status_code, answer)"
        " VALUES (?, 1, 'stub', 'bare', ?, ?, 'completed', ?, ?)");
    return audit;
}

static void step(audit *audit, sqlite3_stmt *statement) {
    check(audit, sqlite3_step(statement));
    check(audit, sqlite3_reset(statement));
}

static void insert(audit *audit, const job *job) {
    sqlite3_bind_text(audit->insert, 1, job->id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(audit->insert, 2, job->started);
    sqlite3_bind_int64(audit->insert, 3, job->ended);
    sqlite3_bind_int64(audit->insert, 4, job->status);
    sqlite3_bind_blob64(audit->insert, 5, job->answer ? job->answer : "", job->answer_count, SQLITE_STATIC);
    step(audit, audit->insert);
}

void audit_commit(audit *audit, const job *chain) {
    step(audit, audit->begin);
    for (; chain; chain = chain->next) insert(audit, chain);
    step(audit, audit->commit);
}

void audit_close(audit *audit) {
    sqlite3_finalize(audit->begin);
    sqlite3_finalize(audit->insert);
    sqlite3_finalize(audit->commit);
    sqlite3_close(audit->file);
    free(audit);
}
