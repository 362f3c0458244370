// What a question mentions of one template: factors, levels, settings, and names that the template does not offer.
//
//   const Reading reading = read_question(wording, template_manifest);
//   reading.levels_of("activation")   // {"gelu", "relu"}, in the order of the template
//
// References to the manifest are kept: it must outlive the reading. Pure functions, any thread.
// Since 0.1.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kit/json.hpp"
#include "question_text.hpp"

namespace aisci::offline {

struct Mention {
  enum class Kind { kLevel, kSetting, kFactor, kMetric, kSubject, kForeign };
  Kind kind = Kind::kSubject;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string factor;        // kLevel, kSetting, kFactor
  std::string level;         // kLevel: its name; kMetric: the metric's
  std::size_t setting = 0;   // kSetting: index in the template's settings
  std::string shown;         // kForeign: as people write it
  std::string foreign_kind;  // kForeign: "activation function"
};

struct Comparison {
  bool found = false;
  std::string better;  // level names of one factor
  std::string worse;
  std::string factor;
};

// "... hurts forests more than linear models": the levels of one factor between which an effect is said to differ.
struct LargerAt {
  bool found = false;
  std::string factor;
  std::string larger;  // where the effect is said to be larger
  std::string smaller;
};

struct Reading {
  const json::object* manifest = nullptr;
  std::vector<Mention> mentions;  // in the order of the text
  Comparison comparison;          // "X ... better than Y", turned to say which is claimed to be better
  std::string subject;            // the factor that is said to do something; empty when none is
  LargerAt larger_at;
  bool negated = false;
  bool interaction = false;              // "interact", "combined", "depend on"
  std::vector<std::string> not_offered;  // "Mish (activation function)", in the order of the text
  std::size_t strangers = 0;             // those of them that are compared with each other alone
  std::vector<std::string> left_out;     // measures named beside one that is offered
  std::vector<std::string> ambiguous;    // "price (all columns but price $ or all columns but price EUR)"

  std::vector<std::string> levels_of(std::string_view factor) const;
  bool mentions_factor(std::string_view factor) const;  // by one of its own words
  std::size_t position_of(std::string_view factor) const;
  std::size_t count(Mention::Kind kind) const;
};

// Reads any number of texts by one template's vocabulary, which is prepared once. The manifest must outlive it.
class Reader {
 public:
  explicit Reader(const json::object& manifest);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Reading read(const Wording& wording) const;

 private:
  class Phrases;
  const json::object& manifest_;
  std::unique_ptr<const Phrases> phrases_;
};

inline Reading read_question(const Wording& wording, const json::object& manifest) {
  return Reader{manifest}.read(wording);
}

// "better than", "outperforms", "a lower error than" ...: which names a text puts above which. `begins` are where the
// names stand; the result holds their indices, the nearest first. Used on questions and on the statements of records.
struct Ordering {
  std::vector<std::size_t> above;
  std::vector<std::size_t> below;
};
Ordering read_ordering(std::string_view text, const std::vector<std::size_t>& begins);

// All levels of a factor by name, in the template's order, and how each is shown.
std::vector<std::string> level_names(const json::object& factor);
std::string level_label(const json::object& factor, const std::string& level);
// The member of `labels` or `level_words` that speaks of a level: "0" may be written "0.0" there; empty when none does.
std::string level_key(const json::object& members, const std::string& level);
// What stands for a level in text that is printed: "{{label:activation.gelu}}", or "{{level:train_size.100}}" when a
// number has no label.
std::string level_reference(const json::object& manifest, const std::string& name, const std::string& level);
// The words by which a level is recognised, folded.
std::vector<std::string> level_words(const json::object& factor, const std::string& level);
bool is_numeric(const json::object& factor);
// The level as the template holds it; null when it has none of that name.
json::value level_value(const json::object& factor, const std::string& level);

}  // namespace aisci::offline
