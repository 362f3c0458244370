// Keeping a paper's body within the pages of its format: what may leave the body for the appendix, in what order.
//
//   PaperFit fit{model};
//   while (measured(fit.shortened()) > limit && fit.move(share_too_long)) {}
//
// Nothing is dropped: a block that leaves the body stands, whole, in the appendix. First go tables and figures of the
// search, then texts that say nothing of a claim, each section keeping its first, then figures of claims and related
// work. What stays whatever the length: abstract, limitations, conclusion, the figure of all contrasts, tables and
// texts that speak of a claim in the results. A list or a formula goes, or stays, with the paragraph that announces it.
// A pure function of the model. Since 0.1.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace aisci {

class PaperFit {
 public:
  // `figures`: {"id", "kind", "subject"} of those that the model places.
  PaperFit(const json::object& model, const std::vector<json::object>& figures);

  // How many blocks have left, and how many may; those that go together count as one.
  std::size_t moved() const noexcept { return moved_; }
  std::size_t most() const noexcept { return ranked_.size(); }

  // Moves blocks worth at least this share of the body as it now stands, one at least; false when none is left.
  bool move(double share);
  void move_to(std::size_t count);

  // The model without the blocks that have left its body, and with them in its appendix.
  json::object shortened() const;

 private:
  struct Place {
    std::size_t section, block, count;  // blocks from the first on
    int rank;                           // lower leaves first
    double size;                        // in characters of text, roughly
  };

  const json::object& model_;
  std::vector<Place> ranked_;
  double body_ = 0;  // size of the whole body
  std::size_t moved_ = 0;
};

}  // namespace aisci
