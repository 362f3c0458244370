// A retriever: finds papers. Records: abi/draft/retriever.h.
//
//   class Shelf final : public aisci::plugin::Retriever {
//    public:
//     void search(std::string_view query, std::uint32_t k, aisci::plugin::Sink& records,
//                 aisci::plugin::Call&) override {
//       if (k > 0 && query == "gelu") records.write(R"({"key":"hendrycks2016gelu","title":"..."})");
//     }
//     void fetch(std::string_view id, aisci::plugin::Sink&, aisci::plugin::Call&) override {
//       throw aisci::plugin::Error{aisci::plugin::Code::kNotFound, "no record " + std::string{id}};
//     }
//   };
//   AISCI_PLUGIN("org.example.shelf", "1.0.0", AISCI_RETRIEVER("shelf", Shelf))
//
// Threads: several calls at once on one instance.
// Since 0.1.
#pragma once

#include <aisci/abi/draft/retriever.h>
#include <aisci/plugin/plugin.hpp>

namespace aisci::plugin {

class Retriever {
 public:
  struct Kind;
  virtual ~Retriever() = default;

  // Up to k records, the best first, one JSON document a write.
  virtual void search(std::string_view query, std::uint32_t k, Sink& records, Call& call) = 0;
  // The record of a key, DOI or arXiv number in one write. Throw NOT_FOUND.
  virtual void fetch(std::string_view id, Sink& record, Call& call) = 0;
};

struct Retriever::Kind {
  static constexpr const char* kName = "retriever";
  static constexpr const char* kInterface = AISCI_RETRIEVER_1;

  static std::int32_t search(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t query, std::uint32_t k,
                             aisci_sink_t* records) noexcept {
    return detail::answer<Retriever>(instance, raw, [&](Retriever& object, Call& call) {
      detail::HostSink sink{records};
      object.search(detail::view(query), k, sink, call);
    });
  }
  static std::int32_t fetch(aisci_instance_t* instance, const aisci_call_t* raw, aisci_bytes_t id,
                            aisci_sink_t* record) noexcept {
    return detail::answer<Retriever>(instance, raw, [&](Retriever& object, Call& call) {
      detail::HostSink sink{record};
      object.fetch(detail::view(id), sink, call);
    });
  }
  static const void* table() noexcept;
};

namespace detail {
AISCI_SDK_LOCAL inline constexpr aisci_retriever_t kRetrieverTable{sizeof(aisci_retriever_t), 0,
                                                                   &Retriever::Kind::search, &Retriever::Kind::fetch};
}
inline const void* Retriever::Kind::table() noexcept { return &detail::kRetrieverTable; }

}  // namespace aisci::plugin

#define AISCI_RETRIEVER(id, Class) ::aisci::plugin::detail::entry<::aisci::plugin::Retriever, Class>(id)
