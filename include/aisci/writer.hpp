// Writer: turns the paper model into the sources of a document, and says how to build them.
//
//   class PlainText final : public aisci::Writer {
//    public:
//     aisci::Status render(std::string_view paper, std::string_view, const aisci::Sink& files,
//                          const aisci::CallContext&) override {
//       AISCI_RETURN_IF_ERROR(files(R"({"file":"paper.txt","text":"..."})"));
//       return files(R"({"build":{"steps":[],"environment":{},"output":"paper.txt","log":""}})");
//     }
//     aisci::Result<std::string> check(std::string_view, const aisci::CallContext&) override {
//       return std::string{R"({"problems":[]})"};
//     }
//   };
//
// A writer builds nothing itself: aisci does, in a sandbox. Documents: docs/guide/documents.md, "paper", and
// aisci/abi/draft/writer.h.
//
// Threads: aisci makes one call at a time on one object.
// Since 0.1.
#pragma once

#include <aisci/call_context.hpp>
#include <aisci/export.hpp>

namespace aisci {

class AISCI_API Writer {
 public:
  virtual ~Writer() = default;
  // One document a write: each source file, then how to build. The same paper gives the same bytes.
  virtual Status render(std::string_view paper_json, std::string_view artefacts_json, const Sink& files,
                        const CallContext& call) = 0;
  // What would not come out well: {"problems":[{"place":"..","text":".."}]}.
  virtual Result<std::string> check(std::string_view paper_json, const CallContext& call) = 0;
};

}  // namespace aisci
