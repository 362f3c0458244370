/* Kind sandbox (draft: may change until it moves to kinds/): runs programs that nobody has read.
 *
 * A session holds files; a run is one program in a session. A run has an id of the host's choice,
 * under which it can be found again after the host was killed.
 *
 * limits_json of open, every member optional: what no run of the session may exceed.
 *   {"wall_seconds":3600,"memory_mb":32768,"processes":512,"cpus":8,"output_bytes":16777216}
 *
 * spec_json of start:
 *   {"argv":["python3","/job/experiment.py"],      program and arguments; looked up in PATH
 *    "environment":{"OMP_NUM_THREADS":"1"},        all there is besides PATH, HOME, LANG and TMPDIR
 *    "mounts":[{"from":"/host/path","to":"/data","write":false}],
 *    "job":"/host/path","results":"/host/path",    folders of the host seen as /job (read-only) and /results;
 *                                                   absent: the session's own, filled by put and read by get
 *    "devices":["/dev/nvidia0"],                   nodes of /dev that the program may open, under the same path
 *    "directory":"/job",                           where the program starts; absent: /job
 *    "wall_seconds":60,"memory_mb":2048}           absent: the session's limits
 * A sandbox without isolation that cannot show a folder elsewhere replaces "/job", "/results" and each mount's
 * "to" by the host's paths in argv and environment, and sets AISCI_JOB, AISCI_RESULTS and AISCI_DATA.
 * Every sandbox sets these three variables to what the program can open.
 *
 * Since ABI 1.0, as a draft. */
#ifndef AISCI_ABI_DRAFT_SANDBOX_H
#define AISCI_ABI_DRAFT_SANDBOX_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AISCI_SANDBOX_1 "aisci.sandbox/1"

/* A session; what is in it is the plugin's affair. */
typedef struct aisci_session aisci_session_t;

#define AISCI_EXIT_TIMED_OUT 1u     /* ended because its wall time was over */
#define AISCI_EXIT_OUT_OF_MEMORY 2u /* ended because it had used up its memory */
#define AISCI_EXIT_KILLED 4u        /* ended by kill */
#define AISCI_EXIT_OUTPUT_CUT 8u    /* wrote more output than allowed; the rest was dropped */
#define AISCI_EXIT_LOST 16u         /* nobody knows how it ended; code and signal mean nothing */

/* How a run ended. The caller sets struct_size; the sandbox fills what it covers. */
typedef struct aisci_exit {
  uint32_t struct_size;
  uint32_t flags;
  int32_t code;   /* exit status; -1 when a signal ended it */
  int32_t signal; /* 0 when none */
  int64_t wall_ns;
  int64_t user_ns;
  int64_t system_ns;
  uint64_t max_rss_bytes; /* largest of any one process */
} aisci_exit_t;

typedef struct aisci_sandbox {
  uint32_t struct_size;
  uint32_t reserved;

  /* [concurrent] */
  int32_t (*open)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t limits_json,
                  aisci_session_t** out);

  /* The functions of one session may run in different threads: kill while wait blocks. [concurrent] */

  /* Writes a file of the session; path as the program sees it, "/job/config.json". */
  int32_t (*put)(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t path, aisci_source_t* source);

  /* Reads one: "/results/t001/metrics.json". NOT_FOUND. */
  int32_t (*get)(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t path, aisci_sink_t* bytes);

  /* Starts a run and returns at once. token: one write, what wait and kill want. ALREADY_EXISTS when run_id is
   * running. Fails only when the program did not start. */
  int32_t (*start)(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t spec_json, aisci_bytes_t run_id,
                   aisci_sink_t* token);

  /* Blocks until the run ended. OK whenever the program had started; how it ended is in `out_exit`. output, errors:
   * NULL, or get the program's bytes live; events: NULL, or one JSON document a write. Cancelling the call
   * stops the waiting (CANCELLED), not the run. */
  int32_t (*wait)(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t token, aisci_sink_t* output,
                  aisci_sink_t* errors, aisci_sink_t* events, aisci_exit_t* out_exit);

  /* Asks the run to end (SIGTERM), and ends it and all it started after grace_ns. Does not wait.
   * OK when it has ended already. */
  int32_t (*kill)(aisci_session_t* session, const aisci_call_t* call, aisci_bytes_t token, int64_t grace_ns);

  /* Frees the session and its own files; a run under way is killed. No other call is under way. */
  void (*close)(aisci_session_t* session);

  /* Finds the run that was started as run_id, by this process or one that died: a session whose token
   * for it is run_id. NOT_FOUND when nothing is known of it. */
  int32_t (*attach)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t run_id, aisci_session_t** out);

  /* Runs that no live session holds, one JSON document a write: {"run_id":"..","state":"running|ended"}. */
  int32_t (*leftovers)(aisci_instance_t* instance, const aisci_call_t* call, aisci_sink_t* runs);
} aisci_sandbox_t;

#ifdef __cplusplus
}
#endif
#endif
