#include "question_arms.hpp"

#include <algorithm>
#include <optional>

#include "document.hpp"
#include "question_effects.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

using Kind = Mention::Kind;
using Words = std::initializer_list<std::string_view>;

const Words kAuxiliaries = {"do",   "does", "did",   "is",     "are",   "was",  "were", "can",     "could",
                            "will", "may",  "would", "should", "might", "must", "that", "whether", "if"};
const Words kArticles = {"a", "an", "the", "its", "their", "our", "this", "these", "those", "any", "some"};
const Words kNotNamed = {"using", "use",   "really", "all",  "both", "each", "every", "other", "such",   "no",
                         "what",  "which", "it",     "true", "of",   "even", "just",  "only",  "simply", "well"};
const Words kPronouns = {"it", "they", "them", "we", "you", "us"};
// What ends a phrase: prepositions and conjunctions but "of", and the verbs of a comparison.
const Words kEnds = {"on",       "in",      "at",      "for",    "with",  "without", "by",     "under",  "when",
                     "while",    "where",   "which",   "how",    "than",  "and",     "or",     "versus", "vs",
                     "against",  "over",    "to",      "from",   "as",    "after",   "before", "during", "instead",
                     "using",    "through", "because", "since",  "but",   "not",     "upon",   "about",  "between",
                     "compared", "into",    "per",     "across", "within"};
const Words kVerbs = {"reach",      "get",      "give",       "achieve",    "have",         "has",       "yield",
                      "produce",    "obtain",   "attain",     "score",      "perform",      "work",      "train",
                      "learn",      "fit",      "generalise", "generalize", "converge",     "overfit",   "predict",
                      "classify",   "explain",  "lead",       "lose",       "make",         "let",       "lower",
                      "reduce",     "increase", "raise",      "decrease",   "minimise",     "minimize",  "keep",
                      "remain",     "stay",     "become",     "look",       "seem",         "run",       "take",
                      "use",        "cost",     "save",       "win",        "match",        "rival",     "provide",
                      "offer",      "show",     "deliver",    "allow",      "prevent",      "avoid",     "find",
                      "finds",      "fall",     "drop",       "rise",       "grow",         "improve",   "beat",
                      "beaten",     "exceed",   "surpass",    "outperform", "outperformed", "surpassed", "exceeded",
                      "fare",       "replace",  "replaced",   "compare",    "choose",       "prefer",    "preferred",
                      "preferable", "go",       "stop",       "vary",       "differ",       "change",    "cause",
                      "create",     "speed",    "descend",    "optimise",   "optimize"};
const Words kDegrees = {"better",  "worse",   "more",  "less",   "faster", "slower", "higher",   "lower",   "larger",
                        "smaller", "greater", "fewer", "easier", "harder", "best",   "superior", "inferior"};

bool is_any(std::string_view word, Words words) { return std::find(words.begin(), words.end(), word) != words.end(); }
bool begins_with_any(std::string_view word, Words stems) {
  return std::any_of(stems.begin(), stems.end(), [&](std::string_view stem) { return word.starts_with(stem); });
}
bool is_verb(std::string_view word) {
  return is_any(word, kVerbs) || (word.ends_with("s") && is_any(word.substr(0, word.size() - 1), kVerbs)) ||
         (word.ends_with("es") && is_any(word.substr(0, word.size() - 2), kVerbs));
}

struct Phrase {
  std::size_t first = 0;  // items [first, last)
  std::size_t last = 0;
  bool empty() const { return first >= last; }
};

struct Compared {
  Phrase left, right;
  std::size_t at = 0;   // the word that compares
  bool direct = false;  // "X beats Y" and not "X helps A more than B": both are of one kind
};

enum class Side { kNothing, kKnown, kUnknown };

class Arms {
 public:
  Arms(const Wording& wording, const Reading& reading, const std::vector<Item>& items)
      : wording_{wording}, reading_{reading}, items_{items} {}

  std::vector<UnknownArm> find() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].mention) continue;
      if (const auto compared = by_verb(i)) judge(*compared);
      if (const auto compared = by_degree(i)) judge(*compared);
      if (const auto compared = by_choice(i)) judge(*compared);
    }
    return std::move(found_);
  }

 private:
  const std::string& word(std::size_t i) const {
    static const std::string kNone;
    return i < items_.size() && !items_[i].mention ? items_[i].token.text : kNone;
  }
  std::size_t begin_of(std::size_t i) const {
    return items_[i].mention ? items_[i].mention->begin : items_[i].token.begin;
  }
  std::size_t end_of(std::size_t i) const { return items_[i].mention ? items_[i].mention->end : items_[i].token.end; }
  bool any_before(std::size_t to, Words stems) const {
    for (std::size_t i = 0; i < to; ++i)
      if (begins_with_any(word(i), stems)) return true;
    return false;
  }

  // Whether a sign stands between an item and the one before it.
  bool apart(std::size_t i) const {
    if (i == 0) return true;
    const std::size_t from = end_of(i - 1), to = std::max(from, begin_of(i));
    return wording_.text.substr(from, to - from).find_first_of(",;:()?!.\"") != std::string::npos;
  }
  bool ends_at(std::size_t i) const {
    std::string here = word(i);
    if (const Mention* mention = items_[i].mention) {  // what is measured, told by a verb: "converges faster"
      if (mention->kind != Kind::kMetric && mention->kind != Kind::kSubject) return false;
      const auto named = tokens_of(wording_.text.substr(mention->begin, mention->end - mention->begin));
      if (named.empty()) return false;  // a name in another script
      here = named.front().text;
      return is_any(here, kDegrees) || is_verb(here) || here.starts_with("generaliz");
    }
    const EffectWord* effect = effect_word(here);
    return is_any(here, kEnds) || is_any(here, kAuxiliaries) || is_any(here, kDegrees) || is_verb(here) ||
           (effect && !here.ends_with("ing") && !here.ends_with("ed"));
  }

  // The phrase that begins at an item: "with a Kalman filter on ..." is "a Kalman filter".
  Phrase ahead(std::size_t from, std::size_t to) const {
    while (from < to && is_any(word(from), {"with", "using", "of", "that", "those", "use", "by"})) ++from;
    Phrase phrase{from, from};
    while (phrase.last < to && !(ends_at(phrase.last) && (phrase.last > from || !items_[from].mention))) {
      if (phrase.last > from && apart(phrase.last)) break;
      if (phrase.last > from && is_any(word(phrase.last), kArticles) && word(phrase.last - 1) != "of") break;
      ++phrase.last;
    }
    // "Training with a Kalman filter", "the accuracy of a Kalman filter": the arm comes after.
    if (says_nothing(phrase) && phrase.last < to && is_any(word(phrase.last), {"with", "by", "using"}))
      return ahead(phrase.last + 1, to);
    for (std::size_t i = phrase.first; i < phrase.last; ++i)
      if (word(i) == "of" && says_nothing({phrase.first, i})) phrase.first = i + 1;
    return phrase;
  }
  Phrase ahead(std::size_t from) const { return ahead(from, items_.size()); }

  Phrase behind(std::size_t to) const {
    Phrase phrase{to, to};
    while (phrase.first > 0 && !ends_at(phrase.first - 1)) {
      --phrase.first;
      if (apart(phrase.first) || is_any(word(phrase.first), kArticles)) break;
    }
    return phrase;
  }

  // What the clause before `to` is about: the phrase after its "does" or "is", else its first.
  Phrase subject(std::size_t to) const {
    for (std::size_t i = to; i-- > 0;) {
      if (!is_any(word(i), kAuxiliaries)) continue;
      const Phrase phrase = ahead(i + 1, to);
      if (!phrase.empty()) return phrase;
    }
    return ahead(0, to);
  }
  Phrase beside(std::size_t to) const {
    const Phrase near = behind(to);
    return near.empty() ? subject(to) : near;
  }

  // "X beats Y", "Y is outperformed by X", "Y is replaced by X", "X improves over Y".
  std::optional<Compared> by_verb(std::size_t i) const {
    const std::string &here = word(i), &next = word(i + 1);
    if (is_any(here, {"beat", "beats", "beaten"}) || begins_with_any(here, {"outperform", "surpass", "exceed"}) ||
        begins_with_any(here, {"underperform"}))
      return Compared{subject(i), ahead(i + 1), i, true};
    if (begins_with_any(here, {"replac"})) {
      for (std::size_t by = i + 1; by < items_.size() && by <= i + 6; ++by)
        if (is_any(word(by), {"by", "with"}))
          return Compared{by == i + 1 ? subject(i) : ahead(i + 1, by), ahead(by + 1), i, true};
    }
    if (begins_with_any(here, {"improv"}) && is_any(next, {"over", "on", "upon"}))
      return Compared{subject(i), ahead(i + 2), i + 1, true};
    if (is_any(here, {"preferable", "superior", "inferior"}) && next == "to")
      return Compared{subject(i), ahead(i + 2), i, true};
    if (here == "over" && any_before(i, {"advantage", "prefer", "favour", "favor", "choos", "win"}))
      return Compared{beside(i), ahead(i + 1), i, true};
    return {};
  }

  // "better than", "a lower loss than", "helps more than", "as good as", "faster compared with".
  std::optional<Compared> by_degree(std::size_t i) const {
    const std::string &here = word(i), &next = word(i + 1);
    if (here == "than" && i > 0 && word(i - 1) == "rather") return Compared{beside(i - 1), ahead(i + 1), i, true};
    if (here == "than" && i > 0 && word(i - 1) != "other") return Compared{subject(i), ahead(i + 1), i, false};
    if (here == "as" && word(i + 2) == "as" &&
        is_any(next, {"good", "well", "fast", "accurate", "effective", "useful", "bad", "strong", "low", "high"}))
      return Compared{subject(i), ahead(i + 3), i, false};
    if (here == "compared" && is_any(next, {"with", "to"})) return Compared{subject(i), ahead(i + 2), i, false};
    return {};
  }

  // "X versus Y", "X instead of Y", "between X and Y", "X or Y: which is better?".
  std::optional<Compared> by_choice(std::size_t i) const {
    const std::string &here = word(i), &next = word(i + 1);
    if (is_any(here, {"versus", "vs"}) ||
        (here == "against" && !any_before(i, {"protect", "robust", "defen", "guard", "help", "immun", "shield"})))
      return Compared{beside(i), ahead(i + 1), i, true};
    if (here == "instead" && next == "of") return Compared{beside(i), ahead(i + 2), i, true};
    if (here == "place" && next == "of" && i > 0 && word(i - 1) == "in")
      return Compared{beside(i - 1), ahead(i + 2), i, true};
    const bool between = here == "between" && any_before(i, {"choos", "choice", "differ", "compar", "decid"});
    if (between || here == "compare") {
      const Phrase left = ahead(i + 1);
      if (is_any(word(left.last), {"and", "with", "to", "or", "against"}))
        return Compared{left, ahead(left.last + 1), left.last, true};
    }
    if (here == "or" && chooses()) {
      const Compared compared{behind(i), ahead(i + 1), i, true};
      // "... or confuse the network" is no choice between two arms.
      const bool clause = is_any(word(compared.right.last), kArticles);
      if (!compared.left.empty() && !compared.right.empty() && !clause) return compared;
    }
    return {};
  }
  bool chooses() const {
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (is_any(word(i), kDegrees) || is_any(word(i), {"which", "should", "prefer", "preferable", "choose", "use"}))
        return true;
    return false;
  }

  bool is_content(std::size_t i) const {
    const std::string& here = word(i);
    return here.size() > 1 && !has_digit(here) && !is_scenery(here) && !is_any(here, kPronouns) &&
           word(i + 1) != "based";  // "tree-based models" are a kind of those that there are
  }
  bool says_nothing(const Phrase& phrase) const {
    for (std::size_t i = phrase.first; i < phrase.last; ++i)
      if (items_[i].mention ? items_[i].mention->kind != Kind::kMetric && items_[i].mention->kind != Kind::kSubject
                            : is_content(i))
        return false;
    return true;
  }
  // The factor that a phrase names, by a level where it names one.
  std::string factor_in(const Phrase& phrase, bool levels_alone) const {
    std::string named;
    for (std::size_t i = phrase.first; i < phrase.last; ++i) {
      const Mention* mention = items_[i].mention;
      if (!mention || mention->factor.empty()) continue;
      if (mention->kind == Kind::kLevel) return mention->factor;
      if (named.empty() && !levels_alone) named = mention->factor;
    }
    return named;
  }

  Side side(const Phrase& phrase, const Phrase& other, bool direct) const {
    std::size_t content = 0, last_content = phrase.first;
    const Mention *factor = nullptr, *metric = nullptr;
    for (std::size_t i = phrase.first; i < phrase.last; ++i) {
      if (is_any(word(i), kPronouns)) return Side::kNothing;
      if (const Mention* mention = items_[i].mention) {
        if (mention->kind == Kind::kFactor)
          factor = mention;
        else if (mention->kind == Kind::kMetric)
          metric = mention;
        else if (mention->kind != Kind::kSubject)
          return Side::kKnown;
      } else if (is_content(i)) {
        ++content, last_content = i;
      }
    }
    if (factor) return content > 0 && is_other(phrase, *factor, other, direct) ? Side::kUnknown : Side::kKnown;
    if (content == 0) return Side::kNothing;
    // "Second-order optimisation", and not "the loss falls".
    if (metric && (items_[phrase.last - 1].mention != metric || last_content + 1 == phrase.last)) return Side::kNothing;
    return Side::kUnknown;
  }

  // "Quantum annealing" against an optimiser: the word of another factor. "A Bayesian classifier" against a forest: the
  // factor's own word, with one that makes it something else. Of an amount such a word tells how much there is.
  bool is_other(const Phrase& phrase, const Mention& factor, const Phrase& other, bool direct) const {
    if (const std::string against = factor_in(other, true); !against.empty() && against != factor.factor) return direct;
    return items_[phrase.last - 1].mention == &factor && factor_in(other, false) == factor.factor &&
           !is_numeric(object_of(object_of(*reading_.manifest, "factors"), factor.factor));
  }

  // "Do people get better results with Adam than with SGD?": what is compared stands elsewhere in the clause.
  bool compared_elsewhere(const Compared& compared) const {
    const std::string factor = factor_in(compared.right, false);
    const EffectWord* effect = effect_word(word(compared.left.last));
    const bool within = compared.right.first > 0 && word(compared.right.first - 1) == "with";  // "one with Adam"
    if (factor.empty() || (effect && effect->acts) || (compared.direct && !within)) return false;
    // Of levels a level only: "a better optimiser than Adam" names no other.
    const bool levels_alone = !factor_in(compared.right, true).empty();
    for (std::size_t i = compared.left.last; i < compared.at; ++i)
      if (items_[i].mention && items_[i].mention->factor == factor &&
          (items_[i].mention->kind == Kind::kLevel || !levels_alone))
        return true;
    return false;
  }

  void judge(const Compared& compared) {
    const Side left = side(compared.left, compared.right, compared.direct);
    const Side right = side(compared.right, compared.left, compared.direct);
    if (left == Side::kUnknown && right != Side::kNothing && !compared_elsewhere(compared))
      mark(compared.left, factor_in(compared.right, false));
    if (right == Side::kUnknown && (left != Side::kNothing || !factor_in({0, compared.at}, false).empty()))
      mark(compared.right, factor_in(compared.left, false));
  }

  void mark(const Phrase& phrase, const std::string& factor) {
    std::size_t first = phrase.first, last = phrase.last;
    while (first + 1 < last && (is_any(word(first), kArticles) || is_any(word(first), kNotNamed))) ++first;
    while (last > first + 1 && word(last - 1).ends_with("ly")) --last;
    found_.push_back({begin_of(first), end_of(last - 1), factor});
  }

  const Wording& wording_;
  const Reading& reading_;
  const std::vector<Item>& items_;
  std::vector<UnknownArm> found_;
};

}  // namespace

std::vector<UnknownArm> unknown_arms(const Wording& wording, const Reading& reading, const std::vector<Item>& items) {
  if (wording.language != "en") return {};
  return Arms{wording, reading, items}.find();
}

}  // namespace aisci::offline
