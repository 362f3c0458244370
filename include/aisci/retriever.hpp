// Retriever: finds papers.
//
//   class Shelf final : public aisci::Retriever {
//    public:
//     aisci::Status search(std::string_view query, std::uint32_t k, const aisci::Sink& records,
//                          const aisci::CallContext&) override {
//       if (k == 0 || query != "gelu") return {};
//       return records(R"({"key":"hendrycks2016gelu","title":"Gaussian Error Linear Units"})");
//     }
//     aisci::Status fetch(std::string_view id, const aisci::Sink&, const aisci::CallContext&) override {
//       return aisci::not_found("no record " + std::string{id});
//     }
//   };
//
// Records are JSON documents (docs/guide/documents.md, "record").
//
// Threads: several calls at once on one object.
// Since 0.1.
#pragma once

#include <aisci/call_context.hpp>
#include <aisci/export.hpp>

namespace aisci {

class AISCI_API Retriever {
 public:
  virtual ~Retriever() = default;
  // Up to k records, the best first, one a write.
  virtual Status search(std::string_view query, std::uint32_t k, const Sink& records, const CallContext& call) = 0;
  // The record of a key, DOI or arXiv number, in one write. NOT_FOUND.
  virtual Status fetch(std::string_view id, const Sink& record, const CallContext& call) = 0;
};

}  // namespace aisci
