#include "CZlib.h"

#include <stdlib.h>
#include <zlib.h>

struct sluice_gunzip {
  z_stream stream;
  int is_between_members;
};

sluice_gunzip *sluice_gunzip_new(void) {
  sluice_gunzip *self = calloc(1, sizeof *self);
  if (!self) return NULL;
  // 15 bits of window, and 16 for gzip and nothing else.
  if (inflateInit2(&self->stream, 15 + 16) != Z_OK) {
    free(self);
    return NULL;
  }
  return self;
}

void sluice_gunzip_free(sluice_gunzip *self) {
  if (!self) return;
  inflateEnd(&self->stream);
  free(self);
}

int sluice_gunzip_step(sluice_gunzip *self, const uint8_t *in, size_t in_length, size_t *in_used, uint8_t *out,
                       size_t out_length, size_t *out_used) {
  *in_used = *out_used = 0;
  if (self->is_between_members && in_length > 0) {
    if (inflateReset(&self->stream) != Z_OK) return SLUICE_GUNZIP_BAD;
    self->is_between_members = 0;
  }
  self->stream.next_in = (Bytef *)in;
  self->stream.avail_in = (uInt)in_length;
  self->stream.next_out = out;
  self->stream.avail_out = (uInt)out_length;
  int result = inflate(&self->stream, Z_NO_FLUSH);
  *in_used = in_length - self->stream.avail_in;
  *out_used = out_length - self->stream.avail_out;
  if (result == Z_STREAM_END) self->is_between_members = 1;
  return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR ? SLUICE_GUNZIP_OK : SLUICE_GUNZIP_BAD;
}

int sluice_gunzip_is_complete(const sluice_gunzip *self) { return self->is_between_members; }
