/* Kind writer (draft: may change until it moves to kinds/): turns the paper model into sources of a document.
 *
 * A writer builds nothing: it says how to build, and the host does it in a sandbox.
 *
 * Since ABI 1.0, as a draft. */
#ifndef AISCI_ABI_DRAFT_WRITER_H
#define AISCI_ABI_DRAFT_WRITER_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AISCI_WRITER_1 "aisci.writer/1"

typedef struct aisci_writer {
  uint32_t struct_size;
  uint32_t reserved;

  /* paper_json: the resolved paper. artefacts_json: {"figures/f1.pdf":"/host/path",..}. files: one document a write:
   * {"file":"paper.tex","text":".."} or {"file":"style.sty","from":"/host/path"} for each source, then
   * {"build":{"steps":[["pdflatex","paper.tex"]],"environment":{},"output":"paper.pdf","log":"paper.log"}}.
   * The same paper gives the same bytes. [instance-serial] */
  int32_t (*render)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t paper_json,
                    aisci_bytes_t artefacts_json, aisci_sink_t* files);

  /* What would not come out well, in one write: {"problems":[{"place":"..","text":".."}]}. [instance-serial] */
  int32_t (*check)(aisci_instance_t* instance, const aisci_call_t* call, aisci_bytes_t paper_json,
                   aisci_sink_t* report);
} aisci_writer_t;

#ifdef __cplusplus
}
#endif
#endif
