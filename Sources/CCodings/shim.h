// One decoder over zlib and zstd, and an encoder to gzip, whose interfaces are macros and structures that Swift can't reach.
#pragma once
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { CCODINGS_GZIP = 0, CCODINGS_DEFLATE = 1, CCODINGS_ZSTD = 2 };
enum { CCODINGS_MORE = 0, CCODINGS_END = 1, CCODINGS_BROKEN = -1 };

typedef struct ccodings_decoder {
    int coding;
    z_stream z;
    ZSTD_DStream *zstd;
} ccodings_decoder;

// 8 MiB, the largest window that RFC 9659 lets a content coding of zstd ask for.
#define CCODINGS_ZSTD_WINDOW_LOG 23

static inline ccodings_decoder *ccodings_open(int coding) {
    ccodings_decoder *decoder = calloc(1, sizeof *decoder);
    if (decoder == NULL) return NULL;
    decoder->coding = coding;
    if (coding == CCODINGS_ZSTD) {
        decoder->zstd = ZSTD_createDStream();
        if (decoder->zstd != NULL
            && !ZSTD_isError(ZSTD_DCtx_setParameter(decoder->zstd, ZSTD_d_windowLogMax, CCODINGS_ZSTD_WINDOW_LOG)))
            return decoder;
        ZSTD_freeDStream(decoder->zstd);
    } else if (inflateInit2(&decoder->z, coding == CCODINGS_GZIP ? 16 + MAX_WBITS : MAX_WBITS) == Z_OK) {
        return decoder;
    }
    free(decoder);
    return NULL;
}

static inline void ccodings_close(ccodings_decoder *decoder) {
    if (decoder->coding == CCODINGS_ZSTD) ZSTD_freeDStream(decoder->zstd);
    else inflateEnd(&decoder->z);
    free(decoder);
}

// Decodes what it can of `in` to `out`, and says how much of either was used.
static inline int ccodings_decode(ccodings_decoder *decoder, const uint8_t *in, size_t in_size, size_t *taken,
                                  uint8_t *out, size_t out_size, size_t *given) {
    if (decoder->coding == CCODINGS_ZSTD) {
        ZSTD_inBuffer input = {in, in_size, 0};
        ZSTD_outBuffer output = {out, out_size, 0};
        size_t left = ZSTD_decompressStream(decoder->zstd, &output, &input);
        *taken = input.pos;
        *given = output.pos;
        return ZSTD_isError(left) ? CCODINGS_BROKEN : left == 0 ? CCODINGS_END : CCODINGS_MORE;
    }
    decoder->z.next_in = (Bytef *)in;
    decoder->z.avail_in = (uInt)in_size;
    decoder->z.next_out = out;
    decoder->z.avail_out = (uInt)out_size;
    int status = inflate(&decoder->z, Z_NO_FLUSH);
    *taken = in_size - decoder->z.avail_in;
    *given = out_size - decoder->z.avail_out;
    if (status == Z_STREAM_END) return CCODINGS_END;
    // Nothing could be done: more is wanted.
    return status == Z_OK || status == Z_BUF_ERROR ? CCODINGS_MORE : CCODINGS_BROKEN;
}

// The most bytes that so many become in gzip; its head and its end are 18 bytes, and zlib's own are 6.
static inline size_t ccodings_gzip_bound(size_t size) { return compressBound(size) + 32; }

// Puts `in` into gzip and says how many bytes that takes; 0 where it can't.
static inline size_t ccodings_gzip(const uint8_t *in, size_t in_size, uint8_t *out, size_t out_size) {
    if (in_size > UINT32_MAX || out_size > UINT32_MAX) return 0;
    z_stream z;
    memset(&z, 0, sizeof z);
    if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    z.next_in = (Bytef *)in;
    z.avail_in = (uInt)in_size;
    z.next_out = out;
    z.avail_out = (uInt)out_size;
    int status = deflate(&z, Z_FINISH);
    size_t given = out_size - z.avail_out;
    deflateEnd(&z);
    return status == Z_STREAM_END ? given : 0;
}
