/* The plain types that cross between aisci and a plugin.
 *
 * The plugin ABI is C11. A plugin needs these headers and nothing else of aisci: it links no
 * aisci library, and one binary works with every host whose major number is the same.
 * C++ authors want the headers in aisci/plugin, which is written over these headers.
 *
 * Rules that hold everywhere in abi/:
 *  - 64-bit little-endian targets. Fixed-width integers only; padding is explicit and zero.
 *  - A struct that may grow starts with `uint32_t struct_size`, set by whoever fills it to the
 *    sizeof it was compiled with. It grows at its end only, is never put into an array by value
 *    and never embedded. Members of a foreign struct are read through AISCI_HAS.
 *  - Structs said to be frozen never change: aisci_bytes_t, aisci_score_t, aisci_metric_t.
 *  - Text is UTF-8 with a size and without a closing zero. Only ids, which are `const char*`,
 *    end in a zero. Documents are JSON text.
 *  - Inputs are borrowed until the function returns. Results go to sinks, or to plain structs
 *    of the caller; nothing is freed on the other side.
 *  - Functions return one of the codes below. On failure, result parameters are untouched.
 *  - No exception and no longjmp leaves a function of a plugin.
 *
 * Thread tags, on every function: [any-thread] at any time; [instance-serial] the host calls the
 * functions of one instance one at a time; [concurrent] several threads at once, also on one
 * instance; [setup] before the first or after the last other call.
 *
 * Since ABI 1.0. */
#ifndef AISCI_ABI_TYPES_H
#define AISCI_ABI_TYPES_H

#include <stddef.h>
#include <stdint.h>

#if UINTPTR_MAX != UINT64_MAX
#error "the aisci plugin ABI is for 64-bit targets"
#endif

/* The ABI's own version; the library's is another (aisci/version.h). A minor appends, a major replaces. */
#define AISCI_ABI_MAJOR 1
#define AISCI_ABI_MINOR 0

#if defined(__GNUC__)
#define AISCI_EXPORT __attribute__((visibility("default")))
#else
#define AISCI_EXPORT
#endif

/* True when the struct that `p` points to is long enough to hold `member`. */
#define AISCI_COVERS(p, member) \
  ((uint64_t)((const char*)(&(p)->member + 1) - (const char*)(p)) <= (uint64_t)(p)->struct_size)
/* The same for a pointer or function member, which must not be NULL either. */
#define AISCI_HAS(p, member) (AISCI_COVERS(p, member) && (p)->member != NULL)

#ifdef __cplusplus
extern "C" {
#endif

/* Frozen. Bytes of somebody else: valid until the function they were passed to returns. */
typedef struct aisci_bytes {
  const void* data; /* may be NULL when size is 0 */
  uint64_t size;
} aisci_bytes_t;

/* The seventeen canonical codes of gRPC and Abseil, with their numbers. */
#define AISCI_OK 0
#define AISCI_CANCELLED 1
#define AISCI_UNKNOWN 2
#define AISCI_INVALID_ARGUMENT 3
#define AISCI_DEADLINE_EXCEEDED 4
#define AISCI_NOT_FOUND 5
#define AISCI_ALREADY_EXISTS 6
#define AISCI_PERMISSION_DENIED 7
#define AISCI_RESOURCE_EXHAUSTED 8
#define AISCI_FAILED_PRECONDITION 9
#define AISCI_ABORTED 10
#define AISCI_OUT_OF_RANGE 11
#define AISCI_UNIMPLEMENTED 12
#define AISCI_INTERNAL 13
#define AISCI_UNAVAILABLE 14
#define AISCI_DATA_LOSS 15
#define AISCI_UNAUTHENTICATED 16

#ifdef __cplusplus
}
#endif
#endif
