#ifndef SLUICE_CZLIB_H
#define SLUICE_CZLIB_H
#include <stddef.h>
#include <stdint.h>

// Unpacks a gzip stream bit by bit. Members that follow each other are one stream, as RFC 1952 has it.
typedef struct sluice_gunzip sluice_gunzip;

enum { SLUICE_GUNZIP_OK = 0, SLUICE_GUNZIP_BAD = 1 };

// NULL when there is no memory.
sluice_gunzip *sluice_gunzip_new(void);
void sluice_gunzip_free(sluice_gunzip *self);

// Reads from `in` and writes to `out` until one of them is used up; says how much of each it used.
int sluice_gunzip_step(sluice_gunzip *self, const uint8_t *in, size_t in_length, size_t *in_used, uint8_t *out,
                       size_t out_length, size_t *out_used);

// Whether the stream may end here.
int sluice_gunzip_is_complete(const sluice_gunzip *self);

#endif
