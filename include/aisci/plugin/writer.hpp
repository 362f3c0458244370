// A writer: turns the paper model into sources and says how to build them. Events: abi/draft/writer.h.
//
//   class PlainText final : public aisci::plugin::Writer {
//    public:
//     void render(std::string_view paper, std::string_view, aisci::plugin::Sink& files,
//                 aisci::plugin::Call&) override {
//       files.write(R"({"file":"paper.txt","text":"..."})");
//       files.write(R"({"build":{"steps":[],"environment":{},"output":"paper.txt","log":""}})");
//     }
//     std::string check(std::string_view, aisci::plugin::Call&) override { return R"({"problems":[]})"; }
//   };
//   AISCI_PLUGIN("org.example.plain", "1.0.0", AISCI_WRITER("plain", PlainText))
//
// Threads: one call at a time on one instance, unless the class says kConcurrent (plugin.hpp).
// Since 0.1.
#pragma once

#include <aisci/abi/draft/writer.h>
#include <aisci/plugin/plugin.hpp>

namespace aisci::plugin {

class Writer {
 public:
  struct Kind;
  virtual ~Writer() = default;

  // One document a write: each source file, then how to build. The same paper gives the same bytes.
  virtual void render(std::string_view paper_json, std::string_view artefacts_json, Sink& files, Call& call) = 0;
  // What would not come out well: {"problems":[{"place":"..","text":".."}]}.
  virtual std::string check(std::string_view paper_json, Call& call) = 0;
};

struct Writer::Kind {
  static constexpr const char* kName = "writer";
  static constexpr const char* kInterface = AISCI_WRITER_1;

  static std::int32_t render(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t paper,
                             aisci_bytes_t artefacts, aisci_sink_t* files) noexcept {
    return detail::answer<Writer>(instance, raw, [&](Writer& object, Call& call) {
      detail::HostSink sink{files};
      object.render(detail::view(paper), detail::view(artefacts), sink, call);
    });
  }
  static std::int32_t check(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t paper,
                            aisci_sink_t* report) noexcept {
    return detail::answer<Writer>(instance, raw, [&](Writer& object, Call& call) {
      detail::HostSink{report}.write(object.check(detail::view(paper), call));
    });
  }
  static const void* table() noexcept;
};

namespace detail {
AISCI_SDK_LOCAL inline constexpr aisci_writer_t kWriterTable{sizeof(aisci_writer_t), 0, &Writer::Kind::render,
                                                             &Writer::Kind::check};
}
inline const void* Writer::Kind::table() noexcept { return &detail::kWriterTable; }

}  // namespace aisci::plugin

#define AISCI_WRITER(id, Class) ::aisci::plugin::detail::entry<::aisci::plugin::Writer, Class>(id)
