// The hard caps on tokens and money of a study's calls to models. Before a call its worst case is reserved, afterwards
// what it really cost is settled: the sum of both never passes a cap.
//
//   ModelBudget budget{{.tokens = 200000, .usd = 5}};
//   budget.set_price(ModelPrice{2.0, 8.0});                          // US dollars per million tokens in and out
//   const Result<ModelCost> worst = budget.reserve(1200);            // of a call that reads 1200 tokens
//   ...                                                              // at most worst->output_tokens are asked for
//   budget.settle(cost_of({1200, 400, {}}, budget.price()));
//
// Threads: one at a time.
#pragma once

#include <aisci/status.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aisci {

// US dollars per million tokens.
struct ModelPrice {
  double input = 0;
  double output = 0;
};

struct ModelCost {
  std::int64_t input_tokens = 0;
  std::int64_t output_tokens = 0;
  std::optional<double> usd;  // none: unknown, which is not the same as nothing
};

// With the money that the tokens are at this price.
ModelCost cost_of(ModelCost tokens, const std::optional<ModelPrice>& price);

class ModelBudget {
 public:
  struct Limits {
    std::int64_t tokens = 0;         // 0: no cap
    double usd = 0;                  // 0: no cap
    std::int64_t output_tokens = 0;  // of one call; 0: no limit of its own
  };

  explicit ModelBudget(Limits limits) : limits_{limits} {}

  void set_price(std::optional<ModelPrice> price) { price_ = price; }
  const std::optional<ModelPrice>& price() const noexcept { return price_; }
  bool capped() const noexcept { return limits_.tokens > 0 || limits_.usd > 0; }

  // The worst case of a call; its output_tokens is the limit to ask for, 0 for none. RESOURCE_EXHAUSTED when what is
  // left does not do for a useful answer; FAILED_PRECONDITION when money is capped and the price is unknown.
  Result<ModelCost> reserve(std::int64_t input_tokens);
  // Ends a reservation with what the call cost; less than nothing counts as nothing.
  void settle(const ModelCost& cost);

  const ModelCost& spent() const noexcept { return spent_; }
  // The cap that stood in the way of the last call: "budget_tokens", "budget_usd"; "" when none did.
  const std::string& reached() const noexcept { return reached_; }
  // What is left of "tokens" or "usd"; none when it has no cap.
  std::optional<double> left(std::string_view what) const;
  // The cap of which more than this share is used; "" when none.
  std::string used_beyond(double share) const;

  // An answer needs at least this room.
  static constexpr std::int64_t kLeastOutput = 1000;
  // What a call may answer at most when there is a cap and no other limit.
  static constexpr std::int64_t kMostOutput = 32000;

 private:
  Status exhausted(const char* cap, const std::string& words);

  Limits limits_;
  std::optional<ModelPrice> price_;
  ModelCost spent_{0, 0, 0.0};
  std::string reached_;
};

}  // namespace aisci
