// Scores that do not move, between arms or between seeds: whether the record says that they were copied.
//
// Equal scores alone say little: scaling does nothing to a tree, and an accuracy of one leaves a seed nothing to
// change. The same configurations were measured elsewhere in most studies (a claim and the node it was chosen for), and
// there a copy comes out.
#include <algorithm>
#include <cmath>
#include <map>

#include "document.hpp"
#include "review_arithmetic.hpp"
#include "review_audit.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;

constexpr double kUnlikely = 0.01;

struct Measured {
  std::string id, label, config;  // the configuration as JSON, its members sorted; empty when the plan gives none
  std::vector<double> values;
};

std::string configuration(const json::object& arm) {
  std::map<std::string, std::string> members;
  for (const auto& [key, value] : object_of(arm, "config")) members[std::string{key}] = json::serialize(value);
  std::string text;
  for (const auto& [name, value] : members) text += name + "=" + value + ";";
  return text;
}

std::vector<Measured> arms_of(const json::object& entry) {
  std::vector<Measured> list;
  for (const auto& [key, value] : object_at(entry, "evidence.arms")) {
    if (!value.is_object()) continue;
    const std::string id{key};
    Measured arm{id, text_of(value.get_object(), "label", id), {}, numbers_of(value.get_object(), "values")};
    for (const auto* planned : objects_of(object_of(entry, "plan"), "arms"))
      if (text_of(*planned, "id") == id) arm.config = configuration(*planned);
    if (arm.values.size() >= 2) list.push_back(std::move(arm));
  }
  return list;
}

// In how many of how many chances something moved.
struct Moves {
  std::size_t moved = 0, of = 0;
  // By the rule of succession, whether never moving in `more` further chances is too unlikely to be chance.
  bool rule_out(std::size_t more) const {
    const double still = static_cast<double>(of - moved + 1) / static_cast<double>(of + 2);
    return moved > 0 && std::pow(still, static_cast<double>(more)) < kUnlikely;
  }
};

Moves across_seeds(const std::vector<double>& values) {
  Moves moves;
  for (std::size_t i = 1; i < values.size(); ++i)
    moves.moved += std::abs(values[i] - values[0]) > kNoSpread, ++moves.of;
  return moves;
}

Moves between_arms(const std::vector<double>& one, const std::vector<double>& other) {
  Moves moves;
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i)
    moves.moved += std::abs(one[i] - other[i]) > kNoSpread, ++moves.of;
  return moves;
}

class Copies {
 public:
  Copies(const json::object& study, std::vector<Weakness>& found) : study_{study}, found_{found} {}

  void run() {
    for (const auto* entry : entries_of(study_)) {
      id_ = text_of(*entry, "id");
      pair_ = pair_of(object_of(*entry, "plan"));
      const auto arms = arms_of(*entry);
      for (std::size_t i = 0; i < arms.size(); ++i) {
        if (across_seeds(arms[i].values).moved == 0) {
          constant(*entry, arms[i]);
          continue;
        }
        for (std::size_t j = 0; j < i; ++j)
          if (arms[i].values == arms[j].values) identical(*entry, arms[i], arms[j]);
      }
    }
  }

 private:
  void add(const char* rule, Weight weight, const std::string& text, std::string question = {}) {
    found_.push_back({text, id_, "evidence", weight, std::move(question), rule});
  }

  // What the study's other entries measured of the same configuration, all together.
  void constant(const json::object& entry, const Measured& arm) {
    Moves elsewhere;
    for (const auto* other : entries_of(study_))
      for (const auto& same : other == &entry ? std::vector<Measured>{} : arms_of(*other)) {
        if (!alike(same, arm)) continue;
        const Moves moves = across_seeds(same.values);
        elsewhere.moved += moves.moved, elsewhere.of += moves.of;
      }
    if (elsewhere.rule_out(arm.values.size() - 1))
      return add("constant", Weight::kFatal,
                 arm.label + " scores the same in every block of " + pair_ +
                     ", and not so where else it was run: one result was copied.",
                 "Does the seed change anything at all in " + arm.label + "?");
    add("constant", Weight::kMinor,
        arm.label + " scores the same in every block of " + pair_ +
            "; its spread says nothing of how far the result would carry.",
        "Does the seed change anything at all in " + arm.label + "?");
  }

  void identical(const json::object& entry, const Measured& one, const Measured& two) {
    Moves elsewhere;
    for (const auto* other : entries_of(study_)) {
      if (other == &entry) continue;
      const auto arms = arms_of(*other);
      for (const auto& first : arms)
        for (const auto& second : arms) {
          if (!alike(first, one) || !alike(second, two)) continue;
          const Moves moves = between_arms(first.values, second.values);
          elsewhere.moved += moves.moved, elsewhere.of += moves.of;
        }
    }
    if (!one.config.empty() && one.config == two.config)
      return add("arms-identical", Weight::kFatal,
                 one.label + " and " + two.label +
                     " have the same configuration and the same score in every block: one is the other.");
    if (elsewhere.rule_out(one.values.size()))
      return add("arms-identical", Weight::kFatal,
                 one.label + " and " + two.label + " have the same score in every block of " + pair_ +
                     ", and not so where else both were run: one was copied from the other.");
    add("arms-identical", Weight::kMinor,
        one.label + " and " + two.label + " have the same score in every block of " + pair_ +
            ", though configured differently; that nothing changes is the result, if the setting reaches the program.",
        "Does anything but the score differ between " + one.label + " and " + two.label + "?");
  }

  // Without configurations a name has to do.
  static bool alike(const Measured& a, const Measured& b) {
    return a.config.empty() && b.config.empty() ? a.id == b.id : a.config == b.config;
  }

  const json::object& study_;
  std::vector<Weakness>& found_;
  std::string id_, pair_;
};

}  // namespace

void examine_copies(const json::object& study, std::vector<Weakness>& found) { Copies{study, found}.run(); }

}  // namespace aisci::offline
