#include "review_meaning.hpp"

#include <algorithm>
#include <cctype>

#include "document.hpp"
#include "question_text.hpp"

namespace aisci::offline {
namespace meaning {
namespace {

bool letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Where the clause begins and ends that holds a place.
std::pair<std::size_t, std::size_t> clause_of(std::string_view words, std::size_t at) {
  const auto before = words.find_last_of(",;:", at), after = words.find_first_of(",;:", at);
  return {before == std::string_view::npos ? 0 : before + 1, after == std::string_view::npos ? words.size() : after};
}

// The last or first few words of a stretch.
std::string_view tail(std::string_view words, int count) {
  std::size_t from = words.size();
  for (int i = 0; i <= count && from != std::string_view::npos && from > 0; ++i) from = words.rfind(' ', from - 1);
  return from == std::string_view::npos ? words : words.substr(from);
}
std::string_view head(std::string_view words, int count) {
  std::size_t to = 0;
  for (int i = 0; i < count && to != std::string_view::npos; ++i) to = words.find(' ', to + 1);
  return words.substr(0, to);
}

}  // namespace

std::size_t find_word_of(std::string_view words, const Phrases& kind) {
  for (std::string_view phrase : kind) {
    const bool stem = !phrase.empty() && phrase.back() == '*';
    if (stem) phrase.remove_suffix(1);
    for (auto at = words.find(phrase); at != std::string_view::npos; at = words.find(phrase, at + 1)) {
      const auto end = at + phrase.size();
      if ((at == 0 || !letter(words[at - 1])) && (stem || end == words.size() || !letter(words[end]))) return at;
    }
  }
  return std::string_view::npos;
}

bool denied(std::string_view words, std::size_t at) {
  static const Phrases kThroughout = {"no", "never", "neither", "nor", "nobody", "none", "nothing", "nowhere"};
  static const Phrases kNearby = {"not", "cannot", "without", "hardly", "than"};
  static const Phrases kAfter = {"nothing", "not", "no", "neither", "never"};
  const auto [begin, end] = clause_of(words, at);
  const auto next = std::min(words.find(' ', at), end);  // the word itself denies nothing: "no effect"
  const std::string_view before = words.substr(begin, at - begin), after = words.substr(next, end - next);
  // "does not show that they are alike": what follows is denied with it.
  if (const auto no = find_word_of(before, {"not", "cannot", "nobody"});
      no != std::string_view::npos && find_word_of(before.substr(no), {"that"}) != std::string_view::npos)
    return true;
  return find_word_of(before, kThroughout) != std::string_view::npos ||
         find_word_of(tail(before, 3), kNearby) != std::string_view::npos ||
         find_word_of(head(after, 4), kAfter) != std::string_view::npos;
}

std::vector<std::string> names_of(const json::object& study) {
  std::vector<std::string> names;
  for (const auto& [key, factor] : object_at(study, "template.factors")) {
    if (!factor.is_object()) continue;
    names.push_back(fold(text_of(factor.get_object(), "title")));
    for (const auto& [level, label] : object_of(factor.get_object(), "labels"))
      if (label.is_string()) names.push_back(fold(std::string_view{label.get_string()}));
  }
  for (const auto& [key, metric] : object_at(study, "template.metrics"))  // "explained variance" explains nothing
    if (metric.is_object()) names.push_back(fold(text_of(metric.get_object(), "title")));
  // What the template says its findings are about lies nowhere else.
  names.push_back(fold(first_clause(text_of(object_at(study, "template"), "population"))));
  std::erase_if(names, [](const std::string& name) { return name.size() < 3; });
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return names;
}

std::string without_names(std::string words, const std::vector<std::string>& names) {
  for (const auto& name : names)
    for (auto at = find_phrase(words, name); at != std::string::npos; at = find_phrase(words, name, at))
      words.replace(at, name.size(), "#");
  return words;
}

const std::vector<Meaning>& meanings() {
  using enum About;
  constexpr auto kMajor = Weight::kMajor, kFatal = Weight::kFatal;
  static const std::vector<Meaning> kMeanings = {
      {"overclaim",
       kMajor,
       "wording",
       kAny,
       {&kDoubt, &kNone},
       "more certainty is claimed than an experiment carries.",
       true},
      {"overclaim",
       kMajor,
       "wording",
       kAny,
       {&kSettles, &kForGood},
       "a question is declared closed that one study cannot close."},
      {"overclaim", kMajor, "wording", kAny, {&kLaws}, "what was found is raised to a law."},
      {"priority",
       kMajor,
       "positioning",
       kAny,
       {&kEver, &kFirst},
       "priority over all other work is claimed on the strength of the records that were retrieved.",
       true},
      {"significant",
       kMajor,
       "wording",
       kAny,
       {&kNearly, &kSignificance},
       "a missed level is told as if it had nearly been reached.",
       false},
      {"significant",
       kMajor,
       "wording",
       kAny,
       {&kPasses, &kLevel, &kUsualLevel},
       "a usual level is appealed to, where the rule knows verdicts."},
      {"significant",
       kMajor,
       "wording",
       kAny,
       {&kRejects, &kNull},
       "a null hypothesis is rejected, where the rule knows verdicts."},
      {"cause-untested",
       kMajor,
       "experiment",
       kAny,
       {&kExplains, &kMechanisms},
       "a mechanism is given that no experiment of the study isolates."},
      {"scope", kMajor, "wording", kAny, {&kTransfers, &kElsewhere}, "the finding is carried to what was not studied."},
      {"interaction-untested",
       kMajor,
       "evidence",
       kUntestedPair,
       {&kMainly},
       "an effect is said to depend on something, without an interaction contrast that tests it."},
      {"interaction-untested",
       kMajor,
       "evidence",
       kTwoEntries,
       {&kEffects, &kLargerThan},
       "two effects are compared, and what was tested is each of them alone."},
      {"exclusion",
       kFatal,
       "evidence",
       kAny,
       {&kRedoes, &kUnits, &kWentWrong},
       "trials are replaced or left out by how they went, which no plan provides for."},
      {"exclusion",
       kFatal,
       "evidence",
       kAny,
       {&kTypical, &kUnits, &kPresents},
       "trials are picked for the report, by a rule that no plan holds."},
      {"optional-stopping",
       kFatal,
       "evidence",
       kAny,
       {&kMore, &kSampling, &kLooks},
       "sampling went on or ended by what it showed, so no interval keeps its level.",
       false,
       "beforehand"},
      {"test-changed", kMajor, "evidence", kAny, {&kHalves, &kP}, "a one-sided test is used that no plan holds."},
      {"metric-switched",
       kFatal,
       "evidence",
       kAny,
       {&kPicks, &kMeasures, &kByResult},
       "the measure is chosen by what it shows."},
      {"seeds-not-fresh",
       kFatal,
       "evidence",
       kAny,
       {&kTogether, &kOfSearch, &kOfConfirmation},
       "what was searched is counted again as confirmation."},
      {"plan-changed",
       kFatal,
       "evidence",
       kAny,
       {&kPredicts, &kKnowing},
       "a choice is told of that was made when the results were known.",
       false,
       "before"},
      {"tuned-on-test",
       kFatal,
       "evidence",
       kAny,
       {&kChooses, &kTestData},
       "something is chosen on the data that decides.",
       false,
       "locked",
       true},
      {"baseline-missing",
       kFatal,
       "evidence",
       kPair,
       {&kBorrowed},
       "an arm of the comparison was not run in the same blocks.",
       true},
      {"support-missing",
       kMajor,
       "positioning",
       kAny,
       {&kAgrees, &kEarlier, &kWorks},
       "the literature is said to agree, and no work is cited."},
      {"advice",
       kMajor,
       "wording",
       kNotDecided,
       {&kOught, &kUses},
       "advice is given that no supported claim stands behind."},
      {"exploratory-decides",
       kMajor,
       "wording",
       kNodes,
       {&kDecided},
       "a comparison of the search is said to decide; only confirmation does."},
      {"budget-unequal",
       kFatal,
       "evidence",
       kPair,
       {&kEffort, &kAsItWas},
       "one arm is said to have had more tuning than the other."},
      {"verdict-words",
       kFatal,
       "wording",
       kUnsupported,
       {&kCameTrue, &kClaims},
       "a claim is said to have come true, which is not its verdict.",
       false,
       nullptr,
       true}};
  return kMeanings;
}

}  // namespace meaning

namespace {

using namespace meaning;  // NOLINT: this file reads little else

class Meanings {
 public:
  Meanings(const json::object& study, std::vector<Weakness>& found)
      : study_{study}, found_{found}, names_{names_of(study)} {}

  void run() {
    for (const auto& sentence : sentences_of(study_)) {
      const Spoken spoken = spoken_of(study_, sentence);
      quantities(spoken);
      if (spoken.cites || hedged(sentence.words)) continue;
      const std::string words = without_names(sentence.words, names_);
      for (const auto& meaning : meanings())
        if (tells(meaning, words) && about(meaning.about, spoken))
          add(meaning.rule, meaning.weight, meaning.kind, spoken, meaning.text);
    }
  }

 private:
  void add(std::string rule, Weight weight, const char* kind, const Spoken& spoken, const std::string& text) {
    if (rule == "significant" && spoken.of_search()) {
      rule = "exploratory-significant";
      weight = Weight::kFatal;
    }
    found_.push_back({"In " + spoken.here() + " " + text, spoken.entry(), kind, weight, {}, std::move(rule)});
  }

  static bool tells(const Meaning& meaning, std::string_view words) {
    if (meaning.unless && find_phrase(words, meaning.unless) != std::string_view::npos) return false;
    if (!meaning.one_clause) return meets(meaning, words);
    while (!words.empty()) {
      const auto end = std::min(words.find_first_of(",;:"), words.size());
      if (meets(meaning, words.substr(0, end))) return true;
      words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
  }
  static bool meets(const Meaning& meaning, std::string_view words) {
    bool first = true;
    for (const Phrases* kind : meaning.words) {
      const auto at = find_word_of(words, *kind);
      if (at == std::string_view::npos || (first && !meaning.denial && denied(words, at))) return false;
      first = false;
    }
    return true;
  }

  bool about(About wanted, const Spoken& spoken) const {
    const auto claims = spoken.claims();
    switch (wanted) {
      case About::kAny:
        return true;
      case About::kPair:
        return !spoken.entries.empty();
      case About::kNodes:
        return spoken.of_search();
      case About::kTwoEntries:
        return spoken.entries.size() > 1;
      case About::kUntestedPair:
        return !spoken.entries.empty() && !interaction(spoken);
      case About::kUnsupported:
        return claims.size() == 1 && text_of(*claims[0], "verdict") != "supported";
      case About::kNotDecided:
        return !spoken.entries.empty() &&
               std::any_of(spoken.entries.begin(), spoken.entries.end(),
                           [](const json::object* entry) { return text_of(*entry, "verdict") != "supported"; });
    }
    return false;
  }
  static bool interaction(const Spoken& spoken) {
    return std::any_of(spoken.entries.begin(), spoken.entries.end(), [](const json::object* entry) {
      return text_of(object_at(*entry, "plan.contrast"), "kind") == "interaction";
    });
  }

  // What a printed value is taken for: points for per cent of something, a p-value for a probability of the hypothesis.
  void quantities(const Spoken& spoken) {
    const std::string& words = spoken.sentence->words;
    for (const auto& reference : spoken.sentence->references) {
      if (reference.kind != "value") continue;
      const auto& fact = object_of(object_of(study_, "facts"), reference.target);
      const std::string_view after = std::string_view{words}.substr(std::min(words.size(), reference.at + 2));
      if (text_of(fact, "kind") == "points" && (after.rfind("per cent", 0) == 0 || after.rfind("percent ", 0) == 0 ||
                                                after.rfind("percent.", 0) == 0 || after.rfind('%', 0) == 0))
        add("unit-wrong", Weight::kFatal, "evidence", spoken, "a difference in points is called a percentage.");
      const std::string name = reference.target.substr(reference.target.rfind('.') + 1);
      const auto odds = find_word_of(words, kOdds);
      if ((name == "p" || name == "holm_p") && odds != std::string_view::npos && !hedged(words) && !denied(words, odds))
        add("p-misread", Weight::kMajor, "wording", spoken, "a p-value is taken for the probability of a hypothesis.");
    }
  }

  const json::object& study_;
  std::vector<Weakness>& found_;
  std::vector<std::string> names_;
};

}  // namespace

void examine_meaning(const json::object& study, std::vector<Weakness>& found) { Meanings{study, found}.run(); }

}  // namespace aisci::offline
