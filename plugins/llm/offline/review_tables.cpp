// Tables, captions and the values in sentences against the entries that they name.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "document.hpp"
#include "question_text.hpp"
#include "review_audit.hpp"

namespace aisci::offline {
namespace {

using Weight = Weakness::Weight;

std::string owner_of(const Reference& reference) { return reference.target.substr(0, reference.target.find('.')); }
std::string statistic_of(const Reference& reference) {
  return reference.target.substr(reference.target.rfind('.') + 1);
}

// What a column of that heading may hold.
const std::map<std::string, std::set<std::string>>& headings() {
  static const std::map<std::string, std::set<std::string>> kHeadings = {{"mean", {"mean"}},
                                                                         {"standard deviation", {"sd"}},
                                                                         {"sd", {"sd"}},
                                                                         {"estimate", {"mean"}},
                                                                         {"interval", {"lower", "upper"}},
                                                                         {"blocks", {"n"}},
                                                                         {"p", {"p", "holm_p"}},
                                                                         {"t test", {"p"}},
                                                                         {"sign flips", {"sign_flip_p"}},
                                                                         {"least attainable", {"smallest_p"}},
                                                                         {"standardised", {"d"}},
                                                                         {"power", {"power"}}};
  return kHeadings;
}

class Tables {
 public:
  Tables(const json::object& study, std::vector<Weakness>& found) : study_{study}, found_{found} {}

  void run() {
    if (object_of(study_, "paper").empty()) return;
    std::set<std::string> listed;
    for (const char* part : {"sections", "appendix"})
      for (const auto* section : objects_of(object_of(study_, "paper"), part))
        for (const auto* block : objects_of(*section, "blocks"))
          if (text_of(*block, "type") == "table") table(*block, listed);
    branches(listed);
    for (const auto* figure : objects_of(study_, "figures")) caption(*figure);
    for (const auto& sentence : sentences_of(study_)) bound(sentence);
  }

 private:
  void add(const char* rule, Weight weight, const std::string& text, const std::string& entry) {
    found_.push_back({text, entry, "evidence", weight, {}, rule});
  }
  static std::vector<Sentence> read(const json::value& cell) {
    return cell.is_string() ? sentences_of(json::object{{"paper", json::object{{"title", cell}}}})
                            : std::vector<Sentence>{};
  }

  void table(const json::object& block, std::set<std::string>& listed) {
    const std::string id = text_of(block, "id"), caption = fold(text_of(block, "caption"));
    const auto columns = texts_of(block, "columns");
    const bool adjusted = first_phrase(caption, {"adjusted", "corrected"}) &&
                          !first_phrase(caption, {"none is adjusted", "not adjusted", "none corrected"});
    bool whole = true, headed = true, corrected = true;
    std::set<std::string> judged;
    for (const auto& row : array_of(block, "rows")) {
      if (!row.is_array()) continue;
      whole = whole && row_holds(row.get_array());
      std::size_t column = 0;
      for (const auto& cell : row.get_array()) {
        const std::string heading = column < columns.size() ? fold(columns[column]) : std::string{};
        ++column;
        for (const auto& sentence : read(cell))
          for (const auto& reference : sentence.references) {
            if (statistic_of(reference) == "mean" && reference.target.find(".contrast.") != std::string::npos)
              listed.insert(owner_of(reference));
            if (reference.kind == "verdict") judged.insert(reference.target);
            if (!statistic(reference)) continue;
            const auto allowed = headings().find(heading);
            headed = headed && (allowed == headings().end() || allowed->second.count(statistic_of(reference)) > 0);
            corrected = corrected && !(heading == "p" && adjusted && statistic_of(reference) == "p" &&
                                       has(*entry_of(study_, owner_of(reference)), "verdict"));
          }
      }
    }
    if (!whole)
      add("table-stale", Weight::kFatal,
          "A row of the table holds values of another entry than it names, or a number that no fact of the study "
          "stands behind.",
          id);
    if (!headed)
      add("table-stale", Weight::kFatal, "A column of the table holds something else than its heading says.", id);
    if (!corrected)
      add("uncorrected", Weight::kFatal,
          "The table announces adjusted p-values of the claims and prints some as they were.", id);
    if (judged.empty()) return;
    for (const auto* claim : objects_of(study_, "claims"))
      if (judged.count(text_of(*claim, "id")) == 0)
        return add("table-stale", Weight::kFatal, "The table of verdicts leaves a claim out.", id);
  }

  // A number of an entry: neither its name nor its arms.
  bool statistic(const Reference& reference) const {
    return reference.kind == "value" && entry_of(study_, owner_of(reference)) && statistic_of(reference) != "name";
  }

  // A row that names an entry holds that entry's values alone.
  bool row_holds(const json::array& cells) const {
    std::set<std::string> owners;
    for (const auto& cell : cells)
      for (const auto& sentence : read(cell)) {
        for (const auto& reference : sentence.references)
          if (entry_of(study_, owner_of(reference)) &&
              (statistic(reference) || reference.kind == "arm" || reference.kind == "verdict"))
            owners.insert(owner_of(reference));
        if (holds_decimal(sentence.words)) return false;
      }
    return owners.size() < 2;
  }
  static bool holds_decimal(const std::string& words) {
    const auto digit = [&](std::size_t i) { return std::isdigit(static_cast<unsigned char>(words[i])) != 0; };
    for (std::size_t i = 0; i + 2 < words.size(); ++i)
      if (digit(i) && words[i + 1] == '.' && digit(i + 2)) return true;
    return false;
  }

  // Where the estimates of some nodes stand in tables, those of all do.
  void branches(const std::set<std::string>& listed) {
    const auto nodes = objects_of(study_, "nodes");
    const auto in = [&](const json::object* node) { return listed.count(text_of(*node, "id")) > 0; };
    if (std::none_of(nodes.begin(), nodes.end(), in)) return;
    for (const auto* node : nodes)
      if (!in(node) && !object_of(*node, "evidence").empty())
        add("failure-hidden", Weight::kMajor, "An experiment was run whose estimate no table of the paper lists.",
            text_of(*node, "id"));
  }

  // A figure of one entry is told with that entry's values.
  void caption(const json::object& figure) {
    const std::string subject = text_of(figure, "subject");
    if (!entry_of(study_, subject)) return;
    for (const auto& sentence :
         sentences_of(json::object{{"paper", json::object{{"title", text_of(figure, "caption")}}}}))
      for (const auto& reference : sentence.references)
        if (owner_of(reference) != subject && (statistic(reference) || reference.kind == "verdict"))
          return add("figure-differs", Weight::kFatal, "The caption gives values of another entry than is drawn.",
                     text_of(figure, "id"));
  }

  // A value of an arm follows that arm's name.
  void bound(const Sentence& sentence) {
    const Reference* last = nullptr;
    for (const auto& reference : sentence.references) {
      if (reference.kind == "arm") last = &reference;
      if (!last || reference.kind != "value" || !entry_of(study_, owner_of(reference))) continue;
      const std::string arm = text_of(object_of(object_of(study_, "facts"), reference.target), "arm");
      if (arm.empty() || arm == last->target || owner_of(*last) != owner_of(reference)) continue;
      return add("arms-swapped", Weight::kFatal,
                 "In the " + sentence.place + " the value of one arm stands under the name of the other.",
                 owner_of(reference));
    }
  }

  const json::object& study_;
  std::vector<Weakness>& found_;
};

}  // namespace

void examine_tables(const json::object& study, std::vector<Weakness>& found) { Tables{study, found}.run(); }

}  // namespace aisci::offline
