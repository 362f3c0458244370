// Counts, facts, figures and citations against what they stand for.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "document.hpp"
#include "kit/number.hpp"
#include "question_text.hpp"
#include "review_arithmetic.hpp"
#include "review_audit.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;

constexpr double kRounded = 1.01;  // of half of a printed number's last digit: what it may be off by

class Record {
 public:
  Record(const json::object& study, std::vector<Weakness>& found) : study_{study}, found_{found} {}

  void run() {
    counts();
    for (const auto* entry : entries_of(study_)) facts(*entry);
    for (const auto* figure : objects_of(study_, "figures")) this->figure(*figure);
    if (!object_of(study_, "paper").empty()) {
      citations();
      parts();
    }
    for (const auto* entry : objects_of(study_, "nodes"))
      for (const auto* citation : objects_of(object_of(*entry, "hypothesis"), "citations"))
        cited(*citation, text_of(*entry, "id"));
    failures();
  }

 private:
  void add(const char* rule, Weight weight, std::string text, std::string entry, const char* kind = "evidence") {
    found_.push_back({std::move(text), std::move(entry), kind, weight, {}, rule});
  }

  void counts() {
    const auto& told = object_of(study_, "counts");
    std::map<std::string, double> true_counts{
        {"hypotheses", 0}, {"claims", 0}, {"failed", 0}, {"comparisons", 0}, {"experiments", 0}};
    double least_trials = 0, confirmation = 0;
    for (const auto* node : objects_of(study_, "nodes")) {
      const bool done = !object_of(*node, "evidence").empty();
      if (done) ++true_counts["comparisons"];
      if (flag_of(*node, "late")) continue;  // what reviewers asked for has counts of its own
      ++true_counts["hypotheses"];
      if (!done) ++true_counts["failed"];
      true_counts["experiments"] += number_of(*node, "experiments");
      least_trials += trials_of(*node);
    }
    for (const auto* claim : objects_of(study_, "claims")) {
      ++true_counts["claims"];
      confirmation += trials_of(*claim);
    }
    for (const auto& [name, count] : true_counts)
      if (has(told, name) && !same(number_of(told, name), count))
        add("counts-differ", Weight::kMajor,
            "The number of " + name + " that the paper prints is not that of its record.", {});
    if ((has(told, "trials") && number_of(told, "trials") < least_trials) ||
        (has(told, "confirmation_trials") && number_of(told, "confirmation_trials") < confirmation))
      add("counts-differ", Weight::kMajor, "The paper counts fewer trials than its evidence holds.", {});
    if (failed_anywhere()) return;
    if ((has(told, "trials") && number_of(told, "trials") > least_trials) ||
        (has(told, "confirmation_trials") && number_of(told, "confirmation_trials") > confirmation))
      add("counts-differ", Weight::kMajor, "The paper counts more trials than its evidence holds.", {});
    for (const auto& [name, value] : told) {
      const auto& fact = object_of(object_of(study_, "facts"), "study." + std::string{name});
      if (has(fact, "value") && !same(number_of(fact, "value"), as_number(value)))
        add("counts-differ", Weight::kMajor, "Two counts of the same thing disagree.", {});
    }
  }

  // Whole blocks times arms; experiments that broke off may have left more trials than that.
  static double trials_of(const json::object& entry) {
    double trials = 0;
    for (const auto& [id, arm] : object_at(entry, "evidence.arms"))
      if (arm.is_object()) trials += static_cast<double>(array_of(arm.get_object(), "values").size());
    return trials;
  }
  bool failed_anywhere() const {
    for (const auto* entry : entries_of(study_))
      if (object_of(*entry, "evidence").empty() || !text_of(*entry, "failure").empty()) return true;
    return false;
  }

  void fact(const std::string& name, double value, const std::string& id) {
    const auto& fact = object_of(object_of(study_, "facts"), name);
    if (fact.empty()) return;
    if (has(fact, "value") && !same(number_of(fact, "value"), value))
      return add(
          "facts-stale", Weight::kFatal,
          "A value that tables and text print for this entry is not the one that its evidence gives; it comes from "
          "another state of the study.",
          id);
    // The print of it: unit, sign and first digits.
    const std::string kind = text_of(fact, "kind"), text = text_of(fact, "text");
    if ((kind == "points" && text.find("point") == std::string::npos) ||
        (kind == "fraction" && text.find('%') == std::string::npos))
      return add("facts-stale", Weight::kFatal, "A value of this entry is printed in another unit than it has.", id);
    const double shown = kind == "fraction" || kind == "points" ? 100 * value : value;
    const auto begin = text.find_first_of("0123456789");
    if (begin == std::string::npos || kind == "text" || text[0] == '<') return;
    const auto printed = printed_number(std::string_view{text}.substr(begin));
    if (!printed) return;
    const bool negative = begin > 0 && text[begin - 1] == '-';
    const double most = kRounded * printed->half_digit;
    if (std::abs(printed->value - std::abs(shown)) > most || (std::abs(shown) > most && negative != (shown < 0)))
      add("facts-stale", Weight::kFatal, "What is printed for this entry is another number than its record holds.", id);
  }

  void facts(const json::object& entry) {
    const std::string id = text_of(entry, "id");
    const auto& evidence = object_of(entry, "evidence");
    if (evidence.empty()) return;
    for (const auto& [arm, value] : object_of(evidence, "arms"))
      if (value.is_object())
        for (const char* name : {"mean", "sd", "lower", "upper"})
          fact(id + "." + std::string{arm} + "." + name, number_of(value.get_object(), name), id);
    for (const char* name : {"mean", "sd", "lower", "upper", "p"})
      fact(id + ".contrast." + name, number_of(object_of(evidence, "contrast"), name), id);
    fact(id + ".n",
         has(entry, "verdict") ? number_of(entry, "n") : static_cast<double>(array_of(evidence, "blocks").size()), id);
    if (has(entry, "power")) fact(id + ".power", number_of(entry, "power"), id);
  }

  // Every {"id"} in a figure that names an entry or an arm of the figure's subject holds that entry's numbers.
  void figure(const json::object& figure) {
    const std::string id = text_of(figure, "id"), kind = text_of(figure, "kind"), subject = text_of(figure, "subject");
    const auto& data = object_of(figure, "data");
    bool agrees = true;
    for (const auto* row : objects_of(data, "rows"))
      if (const auto* entry = entry_of(study_, text_of(*row, "id")))
        agrees =
            agrees && matches(*row, object_at(*entry, "evidence.contrast"), {"mean", "lower", "upper"}) &&
            text_of(*row, "verdict") == text_of(*entry, "verdict") &&
            same(number_of(*row, "n"), static_cast<double>(array_of(object_of(*entry, "evidence"), "blocks").size()));
    if (kind == "forest") agrees = agrees && whole(data);
    if (const auto* entry = entry_of(study_, subject)) {
      const auto& arms = object_at(*entry, "evidence.arms");
      std::vector<const json::object*> shown =
          kind == "arms" ? objects_of(data, "arms") : std::vector<const json::object*>{};
      for (const char* side : {"baseline", "treatment"})
        if (has(data, side)) shown.push_back(&object_of(data, side));
      for (const auto* arm : shown)
        agrees = agrees && has(arms, text_of(*arm, "id")) &&
                 matches(*arm, object_of(arms, text_of(*arm, "id")), {"mean", "lower", "upper", "values", "label"});
      if (has(data, "difference"))
        agrees = agrees && matches(object_of(data, "difference"), object_at(*entry, "evidence.contrast"),
                                   {"mean", "lower", "upper", "values"});
    }
    if (kind == "sizes") agrees = agrees && levels(data);
    if (kind == "dose") agrees = agrees && doses(data);
    if (kind == "tree") agrees = agrees && objects_of(data, "nodes").size() == objects_of(study_, "nodes").size();
    if (!agrees) add("figure-differs", Weight::kFatal, "The figure does not show the numbers of the evidence.", id);
    caption(id, kind, fold(text_of(figure, "caption")), text_of(figure, "caption"));
  }

  // A forest shows every entry of its scale.
  bool whole(const json::object& data) const {
    std::set<std::string> shown;
    for (const auto* row : objects_of(data, "rows")) shown.insert(text_of(*row, "id"));
    for (const auto* entry : entries_of(study_))
      if (!object_of(*entry, "evidence").empty() && shown.count(text_of(*entry, "id")) == 0 &&
          text_of(object_at(*entry, "plan.contrast"), "scale", "linear") == text_of(data, "scale", "linear"))
        return false;
    return true;
  }

  // Numbers that both documents have are equal.
  static bool matches(const json::object& shown, const json::object& evidence, const std::vector<const char*>& names) {
    for (const char* name : names) {
      const json::value* a = find_member(shown, name);
      const json::value* b = find_member(evidence, name);
      if (!a || !b) continue;
      if (a->is_array() && b->is_array()) {
        if (a->get_array().size() != b->get_array().size()) return false;
        for (std::size_t i = 0; i < a->get_array().size(); ++i)
          if (!same(as_number(a->get_array()[i]), as_number(b->get_array()[i]))) return false;
      } else if (is_number(*a) && is_number(*b) && !same(as_number(*a), as_number(*b))) {
        return false;
      }
    }
    return true;
  }

  // A mean over a factor's levels is the mean of an arm of some node.
  bool levels(const json::object& data) const {
    for (const auto* arm : objects_of(data, "arms"))
      for (const auto* level : objects_of(*arm, "levels")) {
        bool known = false;
        for (const auto* entry : entries_of(study_))
          for (const auto& [id, measured] : object_at(*entry, "evidence.arms"))
            known = known ||
                    (measured.is_object() && same(number_of(measured.get_object(), "mean"), number_of(*level, "mean")));
        if (!known) return false;
      }
    return true;
  }

  // What sets a level off from the one it was held against is the contrast of some node, either way round.
  bool doses(const json::object& data) const {
    const auto drawn = objects_of(data, "levels");
    return std::all_of(drawn.begin(), drawn.end(), [&](const json::object* level) {
      const auto nodes = objects_of(study_, "nodes");
      return std::any_of(nodes.begin(), nodes.end(), [&](const json::object* node) {
        const auto& contrast = object_at(*node, "evidence.contrast");
        const double mean = number_of(contrast, "mean"), lower = number_of(contrast, "lower"),
                     upper = number_of(contrast, "upper");
        const json::object turned{{"mean", -mean}, {"lower", -upper}, {"upper", -lower}};
        return !contrast.empty() && (matches(*level, contrast, {"mean", "lower", "upper"}) ||
                                     matches(*level, turned, {"mean", "lower", "upper"}));
      });
    });
  }

  void caption(const std::string& id, const std::string& kind, const std::string& words, const std::string& raw) {
    if (raw.empty()) return;
    const bool n = find_phrase(words, "n") != std::string_view::npos || first_phrase(words, {"blocks", "seeds"});
    const bool interval = first_phrase(words, {"interval", "intervals", "band"});
    if (!n || (!interval && kind != "tree"))
      add("figure-uncaptioned", Weight::kMajor,
          "The caption does not say on how many blocks the figure rests, or what its intervals are.", id, "wording");
  }

  // What may be cited: by a hypothesis what was read, by the paper what was set aside as well.
  const json::object* record(const std::string& key, bool of_paper = true) const {
    std::vector<const char*> lists{"literature"};
    if (of_paper) lists.push_back("set_aside");
    for (const char* list : lists)
      for (const auto* record : objects_of(study_, list))
        if (text_of(*record, "key") == key) return record;
    return nullptr;
  }

  void cited(const json::object& citation, const std::string& entry) {
    const std::string key = text_of(citation, "key");
    const auto* found = record(key, entry.empty());
    if (!found)
      return add("citation-unknown", Weight::kFatal, "A reference is cited that no source returned; it may not exist.",
                 entry.empty() ? key : entry, "positioning");
    if (!contains(texts_of(*found, "statements"), text_of(citation, "support")))
      add("support-missing", Weight::kFatal,
          "What the text takes from a cited work is not among the statements that were retrieved for it.",
          entry.empty() ? key : entry, "positioning");
  }

  void citations() {
    const auto& paper = object_of(study_, "paper");
    std::set<std::string> supported;
    for (const auto* citation : objects_of(paper, "citations")) {
      supported.insert(text_of(*citation, "key"));
      cited(*citation, {});
    }
    std::set<std::string> said;
    for (const auto& sentence : sentences_of(study_))
      for (const auto& reference : sentence.references) {
        if (reference.kind != "cite") continue;
        std::string keys = reference.target + ",";
        for (std::size_t at = 0, end; (end = keys.find(',', at)) != std::string::npos; at = end + 1) {
          const std::string key = keys.substr(at, end - at);
          if (key.empty() || !said.insert(key).second) continue;
          if (!record(key))
            add("citation-unknown", Weight::kFatal, "A reference is cited that no source returned; it may not exist.",
                key, "positioning");
          else if (supported.count(key) == 0)
            add("support-missing", Weight::kMajor,
                "A work is cited without the statement of it that the text relies on.", key, "positioning");
        }
      }
    for (const auto& key : said)
      if (const auto* found = record(key))
        if (text_of(*found, "doi").empty() && text_of(*found, "arxiv").empty() && text_of(*found, "url").empty() &&
            text_of(*found, "checked_in").empty())
          add("record-unverified", Weight::kMajor, "Nothing says where this reference can be found.", key,
              "positioning");
  }

  void parts() {
    std::set<std::string> have;
    for (const char* part : {"sections", "appendix"})
      for (const auto* section : objects_of(object_of(study_, "paper"), part))
        if (!array_of(*section, "blocks").empty()) have.insert(text_of(*section, "id"));
    const auto missing = [&](const char* start) {
      return std::none_of(have.begin(), have.end(), [&](const std::string& id) { return id.rfind(start, 0) == 0; });
    };
    if (missing("limit")) add("limitations-missing", Weight::kMajor, "The text has no limitations.", {}, "wording");
    if (missing("reproduc"))
      add("reproducibility-missing", Weight::kMajor, "Nothing says how the study can be repeated.", {}, "wording");
    if (missing("method") || missing("protocol"))
      add("method-missing", Weight::kMajor, "Method or protocol of the experiments are not described.", {}, "wording");
  }

  void failures() {
    const auto& paper = object_of(study_, "paper");
    for (const auto* node : objects_of(study_, "nodes")) {
      if (text_of(*node, "state") != "failed" && !object_of(*node, "evidence").empty()) continue;
      const std::string id = text_of(*node, "id");
      if (paper.empty() || json::serialize(paper).find("{{" + id + ".name}}") == std::string::npos)
        add("failure-hidden", Weight::kMajor, "An experiment failed, and the paper does not list it.", id, "wording");
    }
  }

  const json::object& study_;
  std::vector<Weakness>& found_;
};

}  // namespace

void examine_record(const json::object& study, std::vector<Weakness>& found) { Record{study, found}.run(); }

}  // namespace aisci::offline
