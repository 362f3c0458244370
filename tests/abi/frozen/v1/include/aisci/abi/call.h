/* One call into a plugin: its limits, and the way back for failure, progress and side reports;
 * and the streams that carry variable input and output.
 *
 * Since ABI 1.0. */
#ifndef AISCI_ABI_CALL_H
#define AISCI_ABI_CALL_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Made by the host for one call and valid until that call returns. A plugin keeps no pointer to it. */
typedef struct aisci_call {
  uint32_t struct_size;
  uint32_t reserved;
  void* ctx;                       /* the host's */
  const struct aisci_call* parent; /* the call this one is made for, or NULL: lends budget, cancellation, trace */
  uint64_t trace_id;               /* the same along a chain of calls; for logs */
  int64_t timeout_ns;              /* time left when the call was made; -1: no limit */

  /* 1 when the caller wants this call to end; then return AISCI_CANCELLED soon (within two seconds). [any-thread] */
  int32_t (*is_cancelled)(const struct aisci_call* call);

  /* Says why the call fails: stores a copy of message (a sentence for people) and detail_json (an object,
   * or empty), and returns `code`, so that a function ends with `return call->fail(...)`. A later call
   * replaces an earlier one. Without effect when the function then returns AISCI_OK. [any-thread] */
  int32_t (*fail)(const struct aisci_call* call, int32_t code, aisci_bytes_t message, aisci_bytes_t detail_json);

  /* How far the call is, 0 to 1, and a note for people, which may be empty. [any-thread] */
  void (*progress)(const struct aisci_call* call, double done, aisci_bytes_t note);

  /* A fact about the call that counts even if it fails: "usage" {"input_tokens":..,"output_tokens":..},
   * "http" {"status":429,"retry_after_seconds":7}, "score" (kinds/value_function.h). [any-thread] */
  void (*report)(const struct aisci_call* call, aisci_bytes_t key, aisci_bytes_t json);
} aisci_call_t;

/* Without this flag a sink is written from the thread of the call alone. */
#define AISCI_SINK_CONCURRENT 1u

/* Where variable output goes. Owned by the host, valid until the call returns. */
typedef struct aisci_sink {
  uint32_t struct_size;
  uint32_t flags;
  void* ctx;
  uint64_t limit; /* bytes it will take in all */

  /* Takes a copy. What one write means is said where the sink is a parameter: bytes of a stream, or one
   * JSON document each. When it fails, return the same code from the call; later writes fail too.
   * RESOURCE_EXHAUSTED past the limit. [calling thread, or any-thread with AISCI_SINK_CONCURRENT] */
  int32_t (*write)(struct aisci_sink* sink, aisci_bytes_t bytes);
} aisci_sink_t;

/* Where variable input comes from. Owned by the host, valid until the call returns. */
typedef struct aisci_source {
  uint32_t struct_size;
  uint32_t flags; /* zero */
  void* ctx;
  uint64_t size; /* bytes in all, or UINT64_MAX when it is not known */

  /* Copies up to `capacity` bytes to `buffer` and says how many; 0 is the end. [calling thread] */
  int32_t (*read)(struct aisci_source* source, void* buffer, uint64_t capacity, uint64_t* filled);
} aisci_source_t;

#ifdef __cplusplus
}
#endif
#endif
