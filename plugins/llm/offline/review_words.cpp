// Sentences against the entries that they speak of: what is said more strongly, more widely or the other way round than
// the evidence has it.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

#include "document.hpp"
#include "question_text.hpp"
#include "review_audit.hpp"
#include "review_conduct.hpp"
#include "review_directions.hpp"
#include "review_meaning.hpp"
#include "review_sides.hpp"
#include "review_vocabulary.hpp"

namespace aisci::offline {
namespace {

using namespace vocabulary;  // NOLINT: this file reads little else
using Weight = Weakness::Weight;

class Words {
 public:
  Words(const json::object& study, std::vector<Weakness>& found) : study_{study}, found_{found} {
    for (const auto* node : objects_of(study, "nodes"))
      if (text_of(object_of(*node, "hypothesis"), "kind") == "interaction" && !object_of(*node, "evidence").empty())
        interaction_ = true;
  }

  void run() {
    const auto sentences = sentences_of(study_);
    for (const auto& sentence : sentences) {
      read(sentence);
      numbers();
      strength();
      direction();
      verdicts();
      conduct();
    }
    abstract(sentences);
  }

 private:
  void read(const Sentence& sentence) {
    sentence_ = &sentence;
    spoken_ = spoken_of(study_, sentence);
    entries_ = spoken_.entries;
    cites_ = spoken_.cites;
    const std::string& place = sentence.place;
    tells_ = place == "text" || place == "title" || place == "abstract" || place.rfind("result", 0) == 0 ||
             place.rfind("discuss", 0) == 0 || place.rfind("analysis", 0) == 0 || place.rfind("conclu", 0) == 0;
  }
  bool says(const Phrases& phrases, const char** which = nullptr) const {
    const char* found = first_phrase(sentence_->words, phrases);
    if (which) *which = found;
    return found != nullptr;
  }
  bool claim(const json::object& entry) const { return has(entry, "verdict"); }
  std::string entry() const { return spoken_.entry(); }
  std::string here() const { return spoken_.here(); }
  // Said, and neither denied nor merely asked or supposed.
  bool asserts(const Phrases& phrases, const char** which) const {
    return says(phrases, which) && !meaning::hedged(sentence_->words) &&
           !meaning::denied(sentence_->words, find_phrase(sentence_->words, *which));
  }
  void add(const char* rule, Weight weight, const std::string& text, const std::string& entry,
           const char* kind = "wording", std::string question = {}) {
    found_.push_back({text, entry, kind, weight, std::move(question), rule});
  }
  bool own_words() const { return sentence_->place != "related" && !cites_; }

  void numbers() {
    if (sentence_->place == "text") return;
    std::string literal = without_quotes(sentence_->words);
    static const Phrases kNames = {"f1",        "l1",    "l2",        "3d",        "2d",     "cifar 10",
                                   "cifar 100", "gpt 2", "resnet 18", "resnet 50", "sha 256"};
    for (const char* name : kNames)
      for (auto at = find_phrase(literal, name); at != std::string_view::npos; at = find_phrase(literal, name, at))
        literal.erase(at, std::string_view{name}.size());
    if (has_digit(literal))
      add("number-by-hand", Weight::kFatal,
          "A number in " + here() + " was written by hand; nothing in the record stands behind it.", entry());
    if (first_phrase(literal, {"et al"}))
      add("citation-unknown", Weight::kFatal,
          "A work is cited by hand in " + here() + "; no source returned it, and it may not exist.", entry(),
          "positioning");
  }
  static std::string without_quotes(std::string text) {
    for (;;) {
      const auto begin = text.find("\u201c"), end = text.find("\u201d");
      if (begin == std::string::npos || end == std::string::npos || end < begin) return text;
      text.erase(begin, end + 3 - begin);
    }
  }

  void strength() {
    const char* word = nullptr;
    if (own_words() && asserts(kOverclaims, &word))
      add("overclaim", Weight::kMajor,
          "In " + here() + " the text says \"" + word + "\", which these experiments cannot carry.", entry());
    if (own_words() && says(kPriority, &word) && !meaning::hedged(sentence_->words))
      add("priority", Weight::kMajor,
          "In " + here() + " the text claims priority (\"" + std::string{word} +
              "\") on the strength of the records it retrieved.",
          entry(), "positioning");
    if (own_words() && says(kSignificant, &word)) {
      const bool explored =
          !entries_.empty() && std::none_of(entries_.begin(), entries_.end(), [&](auto* e) { return claim(*e); });
      add(explored ? "exploratory-significant" : "significant", explored ? Weight::kFatal : Weight::kMajor,
          explored ? "A comparison of the search is called significant; many were made, and none was corrected for."
                   : "In " + here() + " the text says \"" + std::string{word} +
                         "\", where the rule knows verdicts and no significance.",
          entry());
    }
    if (!tells_ || cites_ || meaning::hedged(sentence_->words)) return;
    if (says(kCauses, &word) && about_factor() && !about_mechanism() && !negated(word) &&
        !says({"whether", "where it", "unknown", "is open", "remains open", "was not tested", "cannot be told",
               "does not say", "do not say", "cannot say"}))
      add("cause-untested", Weight::kMajor,
          "In " + here() + " the text gives a cause (\"" + std::string{word} +
              "\") that no experiment of the study isolates.",
          entry(), "experiment", "Which experiment would tell this cause from another?");
    if (says(kScope, &word) && !negated(word) && !defines(word) && (!entries_.empty() || says(kStates)))
      add("scope", Weight::kMajor,
          "In " + here() + " the text speaks of more (\"" + std::string{word} +
              "\") than the population that was studied.",
          entry());
    if (says(kInteraction, &word) && !interaction_spoken_of())
      add("interaction-untested", Weight::kMajor,
          "In " + here() + " a dependence is claimed (\"" + std::string{word} +
              "\") without an interaction contrast that tests it.",
          entry(), "evidence", "What is the contrast of the two contrasts?");
    sizes();
    if (says(kAdvice, &word) && !negated(word) && !all_supported())
      add("advice", Weight::kMajor, "In " + here() + " advice is given that no supported claim stands behind.",
          entry());
  }

  // Whether the word stands in a negated stretch: "no", "not", "without", "too" or their like among the four words
  // before it.
  bool negated(const char* word) const {
    const auto at = find_phrase(sentence_->words, word);
    std::string before = sentence_->words.substr(0, at);
    std::size_t from = before.size();
    for (int i = 0; i < 5 && from != std::string::npos && from > 0; ++i) from = before.rfind(' ', from - 1);
    before = from == std::string::npos ? before : before.substr(from);
    return first_phrase(before, {"no", "not", "nothing", "never", "neither", "nor", "without", "cannot", "too",
                                 "than"}) != nullptr;
  }

  // "'Wider networks' stands for networks of ...": what the question's words are taken to mean.
  bool defines(const char* word) const {
    const auto at = find_phrase(sentence_->words, word);
    return std::string_view{sentence_->words}.substr(0, at).ends_with("stands ");
  }

  bool about_factor() const {
    if (!entries_.empty()) return true;
    for (const auto& reference : sentence_->references)
      if (reference.kind == "label" || reference.kind == "level") return true;
    const std::string factor = fold(text_of(
        object_of(object_at(study_, "template.factors"), text_of(object_of(study_, "scope"), "factor")), "title"));
    return !factor.empty() && find_phrase(sentence_->words, factor) != std::string_view::npos;
  }
  bool about_mechanism() const {
    return std::any_of(entries_.begin(), entries_.end(), [](const json::object* entry) {
      return text_of(object_of(*entry, "hypothesis"), "relation") == "mechanism";
    });
  }
  bool interaction_spoken_of() const {
    if (entries_.empty()) return interaction_;
    return std::any_of(entries_.begin(), entries_.end(), [](const json::object* entry) {
      return text_of(object_at(*entry, "plan.contrast"), "kind") == "interaction";
    });
  }
  bool all_supported() const {
    bool any = false;
    for (const auto* entry : entries_.empty() ? objects_of(study_, "claims") : entries_) {
      if (!claim(*entry)) continue;
      if (text_of(*entry, "verdict") != "supported") return false;
      any = true;
    }
    return any;
  }

  // A word of size that is said of an effect: neither denied nor of something else ("large estimates").
  bool important(const char** word) const {
    for (const char* phrase : kImportant) {
      const auto at = find_phrase(sentence_->words, phrase);
      if (at == std::string_view::npos || negated(phrase)) continue;
      const auto next = at + std::string_view{phrase}.size() + 1;
      const std::string_view rest = std::string_view{sentence_->words}.substr(std::min(next, sentence_->words.size()));
      const std::string noun{rest.substr(0, rest.find_first_of(" .,;:)"))};
      if (std::any_of(kNoEffects.begin(), kNoEffects.end(), [&](const char* other) { return noun == other; })) continue;
      *word = phrase;
      return true;
    }
    return false;
  }

  void sizes() {
    const char* word = nullptr;
    for (const auto* entry : entries_) {
      if (!claim(*entry)) continue;
      const Effect effect = effect_of(*entry);
      if (!effect.known) continue;
      const bool against = effect.upper < -effect.smallest;
      if (important(&word) && effect.lower < effect.smallest && !against)
        add("size-overstated", Weight::kMajor,
            "An effect is called \"" + std::string{word} + "\" in " + here() +
                " whose interval reaches below the smallest effect of interest.",
            text_of(*entry, "id"));
      const std::string verdict = text_of(*entry, "verdict");
      if (asserts(kAbsence, &word) && (verdict == "inconclusive" || verdict == "supported"))
        add("absence", Weight::kMajor,
            "In " + here() + " the text says \"" + std::string{word} +
                "\" of a claim whose interval does not exclude an effect that matters.",
            text_of(*entry, "id"));
    }
    if (!entries_.empty()) return;
    const auto claims = objects_of(study_, "claims");
    const auto any = [&](const auto& test) {
      return std::any_of(claims.begin(), claims.end(), [&](const json::object* c) { return test(*c); });
    };
    if (important(&word) && about_factor() && !any([](const json::object& c) {
          const Effect e = effect_of(c);
          return e.known && (e.lower >= e.smallest || e.upper <= -e.smallest);
        }))
      add("size-overstated", Weight::kMajor,
          "An effect is called \"" + std::string{word} + "\" in " + here() +
              ", and no claim's interval clears the smallest effect of interest.",
          {});
    if (says(kAbsence, &word) && about_factor() && !any([](const json::object& c) {
          const std::string v = text_of(c, "verdict");
          return v == "equivalent" || v == "refuted";
        }))
      add("absence", Weight::kMajor,
          "In " + here() + " the text says \"" + std::string{word} +
              "\", and no claim excludes an effect that matters.",
          {});
  }

  // Words of direction that were written by hand, and those chosen by the sign of a value.
  void direction() {
    for (const auto& reference : sentence_->references) {
      if (reference.kind != "direction" || reference.options.size() != 2) continue;
      const std::string positive = fold(reference.options[0]), negative = fold(reference.options[1]);
      // Of a metric of which less is better, a positive contrast is a loss.
      const std::string &good = lower_is_better() ? negative : positive, &bad = lower_is_better() ? positive : negative;
      if (first_phrase(positive, kValueDown) || first_phrase(negative, kValueUp) || first_phrase(good, kMeritDown) ||
          first_phrase(bad, kMeritUp))
        add("direction-wrong", Weight::kFatal,
            "The words chosen by the sign of a contrast in " + here() + " are the wrong way round.", owner(reference));
    }
    if (!tells_ && sentence_->place != "introduction" && sentence_->place.rfind("caption", 0) != 0) return;
    by_hand();
  }
  bool lower_is_better() const {
    const auto& manifest = object_of(study_, "template");
    const auto& metric = object_of(object_of(manifest, "metrics"),
                                   text_of(object_of(study_, "scope"), "metric", text_of(manifest, "metric")));
    return text_of(metric, "direction", "higher") == "lower";
  }

  // "{{arm:c1.gelu}} is better than {{arm:c1.relu}}" against the two means; a sentence that lets a sign choose is not
  // read.
  void by_hand() {
    std::vector<const Reference*> sides;
    for (const auto& reference : sentence_->references) {
      if (reference.kind == "direction" || reference.kind == "cite") return;
      if (reference.kind == "arm" || reference.kind == "label") sides.push_back(&reference);
    }
    for (std::size_t i = 0; i + 1 < sides.size(); ++i) {
      if (under_a_condition(*sentence_, *sides[i])) continue;
      const std::size_t from = sides[i]->at, to = sides[i + 1]->at;
      const std::string between = sentence_->words.substr(from, to - from);
      const bool up = first_phrase(between, kHigher) || outdoes(between) || compares(between, "more"),
                 down = first_phrase(between, kLower) || compares(between, "less");
      if (up == down ||
          first_phrase(between,
                       {"whether", "would", "predicts", "predicted", "expected", "not", "no", "or", "if", "nor"}) ||
          first_phrase(sentence_->words.substr(0, from),
                       {"whether", "how far", "how much", "predicted", "prediction", "expected", "hypothesis",
                        "claim that", "asks", "if", "would"}))
        continue;
      const auto [entry, difference] = measured(study_, *sides[i], *sides[i + 1]);
      if (entry && ((up && difference < 0) || (down && difference > 0)))
        return add("direction-wrong", Weight::kFatal,
                   "The direction that " + here() + " states is not the one that was measured.", text_of(*entry, "id"));
      if (entry && claim(*entry) && !first_phrase(sentence_->words, {"search", "exploratory"}) &&
          effect_of(*entry).known) {
        const Effect effect = effect_of(*entry);
        if (effect.lower <= 0 && effect.upper >= 0)
          return add("direction-open", Weight::kMajor,
                     "A direction is stated in " + here() + " for a claim whose interval contains zero.",
                     text_of(*entry, "id"));
      }
    }
  }

  void verdicts() {
    static const std::map<std::string, Phrases> kSaid = {
        {"supported", {"supported", "supports the prediction", "confirmed", "borne out", "holds true", "verified"}},
        {"refuted", {"refuted", "rejected", "disproved", "disproven", "falsified"}},
        {"equivalent", {"equivalent"}},
        {"inconclusive", {"inconclusive", "undecided"}}};
    if (!tells_) return;
    std::vector<const json::object*> claims;
    for (const auto* entry : entries_)
      if (claim(*entry)) claims.push_back(entry);
    const bool chosen = std::any_of(sentence_->references.begin(), sentence_->references.end(),
                                    [](const Reference& r) { return r.kind == "verdict"; });
    for (const auto& [verdict, phrases] : kSaid) {
      const char* word = nullptr;
      if (!says(phrases, &word) || chosen) continue;
      if (claims.size() == 1 && text_of(*claims[0], "verdict") != verdict && !negated(word) && !states_rule())
        add("verdict-words", Weight::kFatal,
            "In " + here() + " the text calls a claim \"" + std::string{word} + "\", which is not its verdict.",
            text_of(*claims[0], "id"));
      if (claims.empty()) all_of(verdict, word);
    }
    const char* word = nullptr;
    if (!entries_.empty() && claims.empty() && says(kDecides, &word) && !negated(word))
      add("exploratory-decides", Weight::kMajor,
          "In " + here() + " a comparison of the search is said to \"" + std::string{word} +
              "\"; only confirmation does.",
          entry());
  }
  bool states_rule() const { return says({"if", "when", "would be", "by the rule used", "means"}); }

  // "all claims were supported", "two are supported and one is refuted"
  void all_of(const std::string& verdict, const char* word) {
    std::map<std::string, int> counts;
    std::string other;
    for (const auto* one : objects_of(study_, "claims")) {
      ++counts[text_of(*one, "verdict")];
      if (text_of(*one, "verdict") != verdict) other = text_of(*one, "id");
    }
    if (counts.empty()) return;
    if (says({"all claims", "every claim", "each claim", "both claims", "all predictions", "every prediction",
              "all hypotheses", "every hypothesis", "both hypotheses", "the claims are", "the claims were",
              "the hypotheses were", "our hypothesis", "the hypothesis is", "the hypothesis was", "all of them",
              "all three", "the prediction is", "the prediction was"}) &&
        !other.empty() && !negated(word) && !states_rule())
      add("verdict-words", Weight::kFatal,
          "In " + here() + " the text says \"" + std::string{word} + "\" of claims of which one is not.", other);
    static const Phrases kNumbers = {"no", "one", "two", "three", "four", "five", "six"};
    for (std::size_t number = 0; number < kNumbers.size(); ++number)
      for (const char* verb : {" is ", " are ", " was ", " were "}) {
        const std::string phrase = kNumbers[number] + std::string{verb} + verdict;
        if (find_phrase(sentence_->words, phrase) != std::string_view::npos &&
            counts[verdict] != static_cast<int>(number))
          add("counts-differ", Weight::kMajor, "In " + here() + " the text counts its verdicts wrongly.", {});
      }
  }

  // How the study was run, as the text tells it.
  void conduct() {
    const char* word = nullptr;
    if (!own_words()) return;
    if (says(kExclusions, &word) && !negated(word))
      add("exclusion", Weight::kFatal,
          "In " + here() + " trials are left out (\"" + std::string{word} + "\") by a rule that no plan holds.",
          entry(), "evidence", "What do the results read with every block that was planned?");
    if (says(kTests) && asserts(kTuning, &word) && !says({"closed", "not been", "never", "locked"}))
      add("tuned-on-test", Weight::kFatal,
          "In " + here() + " the text lets something be chosen on the data that decides.", entry(), "evidence",
          "What do the results read with settings chosen on the validation split?");
    if (says(kStopping, &word) && says(kStoppingAt) && !negated(word) &&
        !says({"no block was", "no blocks were", "fixed beforehand"}))
      add("optional-stopping", Weight::kFatal,
          "In " + here() + " blocks were added or stopped by what they showed, so no interval keeps its level.",
          entry(), "evidence");
    if (says(kAfterwards))
      add("plan-changed", Weight::kFatal,
          "In " + here() + " the text tells of a choice made after the results were seen.", entry(), "evidence");
    if (asserts({"one sided", "one tailed", "single tailed"}, &word))
      add("test-changed", Weight::kMajor, "In " + here() + " a one-sided test is used that no plan holds.", entry(),
          "evidence");
    if (says({"uncorrected", "without correction", "not corrected", "no correction"}) &&
        says({"claim", "claims", "confirmation", "verdict", "verdicts"}) && tells_)
      add("uncorrected", Weight::kFatal,
          "In " + here() + " the text judges claims without correction for their number.", entry(), "evidence");
    entries_count();
  }

  // "five claims were locked" where the record has three.
  void entries_count() {
    static const Phrases kNumbers = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                     "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    const auto& counts = object_of(study_, "counts");
    for (const char* noun : {"claims", "hypotheses", "experiments", "trials", "records"}) {
      if (!has(counts, noun)) continue;
      for (std::size_t number = 2; number < kNumbers.size(); ++number) {
        const double have = number_of(counts, noun);
        for (const char* kind : {" ", " locked ", " confirmed "}) {
          const std::string phrase = kNumbers[number] + std::string{kind} + noun;
          if (find_phrase(sentence_->words, phrase) != std::string_view::npos && static_cast<double>(number) > have)
            add("counts-differ", Weight::kMajor,
                "In " + here() + " the text counts more " + std::string{noun} + " than the record holds.", {});
        }
      }
    }
  }

  // Every claim stands in the abstract; what it takes from the search it says to be from there.
  void abstract(const std::vector<Sentence>& sentences) {
    std::set<std::string> named;
    bool any = false, exploratory = false;
    for (const auto& sentence : sentences) {
      if (sentence.place.rfind("result", 0) == 0 &&
          find_phrase(sentence.words, "exploratory") != std::string_view::npos)
        exploratory = true;
      if (sentence.place != "abstract") continue;
      any = true;
      read(sentence);
      for (const auto* entry : entries_) {
        named.insert(text_of(*entry, "id"));
        if (!claim(*entry) && !says({"search", "exploratory", "explored", "lead", "leads"}))
          add("exploratory-decides", Weight::kMajor,
              "The abstract reports a comparison of the search as if it were a result.", text_of(*entry, "id"));
      }
    }
    if (!any) return;
    for (const auto* one : objects_of(study_, "claims"))
      if (named.count(text_of(*one, "id")) == 0)
        add("abstract-selective", Weight::kMajor,
            "The abstract leaves out the claim about " + pair_of(object_of(*one, "plan")) + ", whatever its verdict.",
            text_of(*one, "id"));
    if (!exploratory && !objects_of(study_, "nodes").empty())
      add("exploratory-unmarked", Weight::kMajor, "The results of the search are not marked as exploratory.", {});
  }

  const json::object& study_;
  std::vector<Weakness>& found_;
  bool interaction_ = false;
  const Sentence* sentence_ = nullptr;
  Spoken spoken_;
  std::vector<const json::object*> entries_;
  bool cites_ = false, tells_ = false;
};

}  // namespace

void examine_words(const json::object& study, std::vector<Weakness>& found) {
  Words{study, found}.run();
  examine_meaning(study, found);
}

}  // namespace aisci::offline
