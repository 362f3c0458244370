#include "question_effects.hpp"

#include <algorithm>
#include <optional>

#include "document.hpp"
#include "question_names.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

using Kind = Mention::Kind;

constexpr EffectWord kEffectWords[] = {
    {"help", 1, 1, true},       {"improv", 1, 1, true},       {"boost", 1, 1, true},       {"useful", 1, 1, true},
    {"beneficial", 1, 1, true}, {"enhanc", 1, 1, true},       {"stabilis", 1, 1, true},    {"stabiliz", 1, 1, true},
    {"accelerat", 1, 1, true},  {"speeds", 1, 1, true},       {"protect", 1, 1, true},     {"aid", 1, 1, true},
    {"worthwhile", 1, 1, true}, {"necessary", 1, 1, true},    {"essential", 1, 1, true},   {"hurt", -1, 1, true},
    {"harm", -1, 1, true},      {"worsen", -1, 1, true},      {"degrad", -1, 1, true},     {"impair", -1, 1, true},
    {"damag", -1, 1, true},     {"slow", -1, 1, true},        {"destabil", -1, 1, true},   {"limit", -1, 1, true},
    {"hinder", -1, 1, true},    {"hamper", -1, 1, true},      {"penalis", -1, 1, true},    {"penaliz", -1, 1, true},
    {"detriment", -1, 1, true}, {"ruin", -1, 1, true},        {"affect", 0, 1, true},      {"influenc", 0, 1, true},
    {"impact", 0, 1, true},     {"effect", 0, 1, true},       {"matter", 0, 1, true},      {"importan", 0, 1, true},
    {"benefit", 1, 1, false},   {"profit", 1, 1, false},      {"gain", 1, 1, false},       {"advantage", 1, 1, false},
    {"need", 1, 1, false},      {"requir", 1, 1, false},      {"reli", 1, 1, false},       {"rely", 1, 1, false},
    {"suffer", -1, 1, false},   {"vulnerab", -1, 1, false},   {"susceptib", -1, 1, false}, {"sensitiv", 0, 1, false},
    {"depend", 0, 1, false},    {"react", 0, 1, false},       {"respond", 0, 1, false},    {"robust", -1, -1, false},
    {"toleran", -1, -1, false}, {"tolerat", -1, -1, false},   {"resilien", -1, -1, false}, {"immune", -1, -1, false},
    {"cope", -1, -1, false},    {"withstand", -1, -1, false}, {"insensitiv", 0, -1, false}};

using Words = std::initializer_list<std::string_view>;
const Words kMore = {"more", "larger", "greater", "stronger", "higher", "bigger"},
            kLess = {"less", "smaller", "weaker", "lower", "fewer"},
            kRaise = {"raise", "rais", "increas", "caus",   "produc", "creat",
                      "induc", "make", "more",    "higher", "larger"},
            kReduce = {"lower", "reduc", "decreas", "less",    "fewer",    "smaller", "prevent", "avoid",
                       "cut",   "lose",  "cure",    "mitigat", "alleviat", "remedy",  "remov",   "eliminat"},
            kUp = {"larger",  "bigger", "greater", "higher", "wider", "deeper", "longer", "stronger",
                   "heavier", "more",   "increas", "adding", "rais",  "deep",   "wide"},
            kDown = {"smaller", "lower", "fewer",    "narrower", "shallower", "shorter", "weaker",
                     "lighter", "less",  "reducing", "decreas",  "shallow",   "narrow"},
            kLeaveOut = {"without", "drop", "leav", "omit", "remov", "exclud", "lack", "loss", "losing"},
            // Of a measure's own words: more of it is good, or bad, whatever the metric they stand for.
    kGood = {"accura", "generali", "performance", "flow", "progress", "converge", "faster", "optimi", "likelihood"},
            kBad = {"error", "loss", "overfit", "perplex", "vanish",    "explod", "conflict", "interfer",
                    "dead",  "die",  "dying",   "saturat", "imbalance", "drift",  "entropy"};

// A short word as it stands or with an s; a longer one by its stem.
bool is_word(std::string_view word, std::string_view stem) {
  if (word.substr(0, stem.size()) != stem) return false;
  const std::string_view rest = word.substr(stem.size());
  return stem.size() > 3 || rest.empty() || rest == "s" || rest == "ing";
}
bool is_any(std::string_view word, Words stems) {
  return std::any_of(stems.begin(), stems.end(), [&](std::string_view stem) { return is_word(word, stem); });
}
bool has_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return has_word(text, word); });
}

// One place where a question speaks of an effect.
struct Told {
  std::size_t at = 0;  // in the row of items
  int worth = 0;
  int intensity = 1;
  bool follows = false;  // what acts is named after it: "suffer from X", "is hurt by X", "the benefit of X"
  bool judges = false;   // "better": of what is named before it, or of nothing ("Which is better, X or Y?")
};

class Effects {
 public:
  Effects(const Wording& wording, Reading& reading)
      : wording_{wording}, reading_{reading}, items_{items_of(wording, reading.mentions)} {}

  void read() {
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (const auto told = told_at(i)) told_.push_back(*told);
    if (differs()) return;
    const bool open = asks_which();
    for (const bool with_a_sign : {true, false})
      for (const auto& told : told_) {
        if (told.intensity < 0 || (told.worth != 0) != with_a_sign) continue;
        const Mention* subject = subject_of(told, {});
        if (!subject) continue;
        // "Wider networks suffer less": what reacts is named, and not what it reacts to.
        const bool reacts = told.follows && subject->begin < wording_end(told.at);
        return claim(*subject, open ? 0 : reacts && is_any(word(told.at + 1), kLess) ? -told.worth : told.worth, 0);
      }
  }

 private:
  const std::string& word(std::size_t i) const {
    static const std::string kNone;
    return i < items_.size() && !items_[i].mention ? items_[i].token.text : kNone;
  }
  std::string text_of_mention(const Mention& mention) const {
    return wording_.text.substr(mention.begin, mention.end - mention.begin);
  }
  const json::object& factor_of(const Mention& mention) const {
    return object_of(object_of(*reading_.manifest, "factors"), mention.factor);
  }
  std::size_t wording_end(std::size_t i) const {
    return items_[i].mention ? items_[i].mention->begin : items_[i].token.begin;
  }
  // "Which", "how much": a question that leaves the answer open, whatever verb it has.
  bool asks_which() const {
    const auto tokens = tokens_of(wording_.text);
    return tokens.size() > 1 &&
           (is_any(tokens[0].text, {"which", "what"}) ||
            (tokens[0].text == "how" && is_any(tokens[1].text, {"much", "many", "long", "large", "deep", "wide",
                                                                "strong", "big", "high", "sensitive"})));
  }
  bool names_model(const Mention& mention) const { return has_role(*reading_.manifest, mention.factor, "model"); }

  std::optional<Told> told_at(std::size_t i) const {
    if (const Mention* mention = items_[i].mention) {  // a measure that is also a judgement: "faster"
      if (mention->kind != Kind::kMetric || !has_any(text_of_mention(*mention), {"faster", "quicker"})) return {};
      return Told{i, 1, 1, false, true};
    }
    const std::string& here = word(i);
    if (const int sense = measure_after(i); sense != 0) {
      if (is_any(here, kReduce)) return Told{i, -sense, 1};
      if (is_any(here, kRaise)) return Told{i, sense, 1};
    }
    if (const EffectWord* found = effect_word(here)) {
      std::size_t next = i + 1;
      while (is_any(word(next), kMore) || is_any(word(next), kLess) || is_any(word(next), {"much", "most", "better"}))
        ++next;
      const bool points = is_any(word(next), {"from", "of", "by", "to", "on", "against"}) && word(next) != "on";
      const bool asks_for = is_any(here, {"need", "requir", "rely", "reli", "cope", "withstand", "tolerat"});
      // "X benefits A": what is said to profit from something acts where nothing follows that it could profit from.
      return Told{i, found->worth, found->intensity, points || asks_for};
    }
    if (is_any(here, {"better", "faster", "easier"})) return Told{i, 1, 1, false, true};
    if (here == "worse") return Told{i, -1, 1, false, true};
    if ((here == "more" || here == "less") && is_any(word(i + 1), {"accura", "effective", "reliabl", "stabl"}))
      return Told{i, here == "more" ? 1 : -1, 1, false, true};
    return {};
  }

  // Whether more of the measure that is named within the next words is good (1) or bad (-1); 0 when none is.
  int measure_after(std::size_t i) const {
    for (std::size_t next = i + 1; next < items_.size() && next <= i + 3; ++next) {
      if (word(next) == "than") return 0;
      if (items_[next].mention && items_[next].mention->kind != Kind::kSubject) return sense_of(*items_[next].mention);
    }
    return 0;
  }
  int sense_of(const Mention& mention) const {
    if (mention.kind != Kind::kMetric) return 0;
    const std::string text = text_of_mention(mention);
    if (has_any(text, kBad)) return -1;
    if (has_any(text, kGood)) return 1;
    const auto& metric = object_of(object_of(*reading_.manifest, "metrics"), mention.level);
    return text_of(metric, "direction", "higher") == "higher" ? 1 : -1;
  }

  // "... more than ...": the effect of one thing on two, or, where nothing else is named, the two against each other.
  bool differs() {
    std::size_t than = 0, degree = 0;
    while (than < items_.size() && word(than) != "than") ++than;
    if (than == items_.size()) return false;
    for (degree = than; degree-- > 0;)
      if (degree_at(degree) != 0) break;
    if (degree == std::string::npos || than - degree > 7) return false;
    const auto told = told_with(degree, than);
    const auto sides = sides_of(than);
    if (!told || !sides.first) return false;
    const int more = degree_at(degree);
    if (const Mention* subject = subject_of(*told, sides.first->factor)) {
      const bool first = more * told->intensity > 0;
      reading_.larger_at = {true, sides.first->factor, (first ? sides.first : sides.second)->level,
                            (first ? sides.second : sides.first)->level};
      reading_.comparison = {};
      // "Need more rows than": the degree tells of the need, and rows are what is needed.
      const bool needed = items_[degree].mention == subject || items_[degree + 1].mention == subject;
      claim(*subject, told->worth, needed ? 1 : 0);
      return true;
    }
    const int order = more * told->intensity * told->worth;
    if (order == 0) return false;
    reading_.subject = sides.first->factor;
    reading_.comparison = {true, (order > 0 ? sides.first : sides.second)->level,
                           (order > 0 ? sides.second : sides.first)->level, sides.first->factor};
    return true;
  }

  // 1 for "more" and its like, -1 for "less", 0 for anything else; a mention may hold one: "more data".
  int degree_at(std::size_t i) const {
    for (const auto& token :
         items_[i].mention ? tokens_of(text_of_mention(*items_[i].mention)) : std::vector{items_[i].token}) {
      if (is_any(token.text, kMore)) return 1;
      if (is_any(token.text, kLess)) return -1;
    }
    return 0;
  }

  // The effect that a degree belongs to: the last one before it, or the word after it ("more sensitive"); else the
  // measure that it follows ("overfit more").
  std::optional<Told> told_with(std::size_t degree, std::size_t than) const {
    std::optional<Told> found;
    for (const auto& told : told_)
      if (told.at < degree || (told.at == degree + 1 && told.at < than)) found = told;
    if (found && (word(found->at) == "better" || word(found->at) == "worse" || word(found->at) == "faster")) return {};
    if (!found && degree > 0 && items_[degree - 1].mention)
      if (const int sense = sense_of(*items_[degree - 1].mention); sense != 0) found = Told{degree - 1, sense, 1};
    return found;
  }

  // The nearest two levels of one factor on either side of "than".
  std::pair<const Mention*, const Mention*> sides_of(std::size_t than) const {
    for (std::size_t right = than + 1; right < items_.size(); ++right) {
      const Mention* second = items_[right].mention;
      if (!second || second->kind != Kind::kLevel) continue;
      for (std::size_t left = than; left-- > 0;) {
        const Mention* first = items_[left].mention;
        if (first && first->kind == Kind::kLevel && first->factor == second->factor && first->level != second->level)
          return {first, second};
      }
    }
    return {nullptr, nullptr};
  }

  // What acts: named on the effect's own side where it can be, by a factor's word rather than by a level or a setting,
  // and first of those after the question's verb. Models are acted on, and so are levels of the factor `but`.
  const Mention* subject_of(const Told& told, std::string_view but) const {
    std::size_t verb = 0;
    for (std::size_t i = 0; i < told.at; ++i)
      if (is_any(word(i), {"do", "does", "did", "is", "are", "can", "could", "will", "would", "should"})) verb = i;
    const auto best = [&](std::size_t from, std::size_t to, bool nearest) {
      const Mention* found = nullptr;
      for (std::size_t i = from; i < to; ++i) {
        const Mention* mention = items_[i].mention;
        if (!mention || mention->factor.empty() || mention->factor == but || names_model(*mention)) continue;
        if (mention->kind != Kind::kFactor && mention->kind != Kind::kLevel && mention->kind != Kind::kSetting)
          continue;
        if (nearest) return mention;
        if (!found || rank(*mention) < rank(*found)) found = mention;
      }
      return found;
    };
    const Mention* before = best(verb, told.at, false);
    if (!before) before = best(0, told.at, false);
    const Mention* after = best(told.at + 1, items_.size(), true);
    if (told.judges) return before || !is_any(word(told.at + 1), {"with", "in", "at", "under"}) ? before : after;
    if (told.follows) return after ? after : best(0, told.at, false);
    return before ? before : after;
  }
  int rank(const Mention& mention) const {
    // "Training images" say what is trained on, unless there are to be more or fewer of them.
    if (mention.kind == Kind::kFactor && has_role(*reading_.manifest, mention.factor, "data") && move_of(mention) == 0)
      return 3;
    return mention.kind == Kind::kFactor ? 0 : mention.kind == Kind::kLevel ? 1 : 2;
  }

  // The subject is said to be worth something against what is there without it.
  void claim(const Mention& subject, int worth, int move) {
    reading_.subject = subject.factor;
    if (worth == 0 || (reading_.comparison.found && !reading_.larger_at.found)) return;
    auto [with, without] = sides_with(subject, move);
    if (with.empty() || without.empty() || with == without) return;
    if (worth < 0) std::swap(with, without);
    reading_.comparison = {true, with, without, subject.factor};
  }

  std::pair<std::string, std::string> sides_with(const Mention& subject, int move) const {
    const auto& factor = factor_of(subject);
    const auto all = level_names(factor);
    if (all.size() < 2) return {};
    if (subject.kind == Kind::kSetting) return ends_of_setting(subject);
    if (subject.kind == Kind::kLevel) return against(subject);
    if (!is_numeric(factor)) {
      for (const auto& mention : reading_.mentions)  // "sigmoid activations"
        if (mention.kind == Kind::kLevel && mention.factor == subject.factor) return against(mention);
      const std::string off = off_level(factor);
      if (all.size() > 2 || off.empty()) return {};
      return {all[0] == off ? all[1] : all[0], off};
    }
    if (!reading_.levels_of(subject.factor).empty()) return {};
    if (move == 0) move = move_of(subject);
    if (move != 0) return move > 0 ? std::pair{all.back(), all.front()} : std::pair{all.front(), all.back()};
    // Some of it against none; where there is always some, much against little.
    const std::string end = expects(*reading_.manifest, subject.factor);
    const bool all_of_it = end == "less" || (end == "more" && all.front() != "0");
    return {all_of_it ? all.back() : all[all.size() > 2 ? all.size() / 2 : 1], all.front()};
  }

  // What a factor is without anything: "none", 0 or the level that others are compared with.
  static std::string off_level(const json::object& factor) {
    const auto all = level_names(factor);
    for (const char* off : {"none", "0"})
      if (contains(all, off)) return off;
    return text_of(factor, "reference", all.front());
  }

  std::pair<std::string, std::string> against(const Mention& subject) const {
    const auto& factor = factor_of(subject);
    const auto all = level_names(factor), named = reading_.levels_of(subject.factor);
    std::string other;
    for (const auto& level : named)
      if (level != subject.level) other = level;
    if (named.size() > 2) return {};
    if (other.empty()) other = off_level(factor);
    if (other == subject.level && all.size() == 2) other = all[0] == subject.level ? all[1] : all[0];
    if (other == subject.level && is_numeric(factor)) other = all[all.size() > 2 ? all.size() / 2 : 1];
    // Levels of inputs leave one out, so a question that names one speaks of what the other side has.
    if (has_role(*reading_.manifest, subject.factor, "input") && !leaves_out(subject)) return {other, subject.level};
    return {subject.level, other};
  }

  // "Without alpha", "leaving out the column alpha", "when alpha is removed".
  bool leaves_out(const Mention& subject) const {
    std::size_t at = 0;
    while (at < items_.size() && items_[at].mention != &subject) ++at;
    bool found = has_any(text_of_mention(subject), {"no", "but"});
    std::string near = text_of_mention(subject);
    for (std::size_t back = 1; back <= 4 && back <= at && !items_[at - back].mention; ++back)
      near = items_[at - back].token.text + " " + near;
    for (const auto& token : tokens_of(near)) found = found || is_any(token.text, kLeaveOut);
    for (std::size_t next = at + 1; next <= at + 3; ++next)
      found = found || is_any(word(next), {"left", "dropped", "removed", "omitted", "excluded", "missing", "absent"});
    return found;
  }

  std::pair<std::string, std::string> ends_of_setting(const Mention& subject) const {
    const auto& levels = array_of(array_of(*reading_.manifest, "settings")[subject.setting].get_object(), "levels");
    if (levels.size() < 2) return {};
    const std::string text = text_of_mention(subject);
    const bool little = has_any(text, {"small", "smaller", "low", "lower", "little", "few", "limited", "scarce",
                                       "short", "shallow", "narrow", "tiny", "handful", "shot"});
    const std::string first = level_name(levels.front()), last = level_name(levels.back());
    return little ? std::pair{first, last} : std::pair{last, first};
  }

  // "Larger batches", "adding more trees", "a shallow network": which way the factor is moved.
  int move_of(const Mention& subject) const {
    std::size_t at = 0;
    while (at < items_.size() && items_[at].mention != &subject) ++at;
    std::string moved = text_of_mention(subject);
    for (std::size_t back = 1; back <= 3 && back <= at && !items_[at - back].mention; ++back)
      moved = items_[at - back].token.text + " " + moved;
    for (const auto& token : tokens_of(moved)) {
      if (is_any(token.text, kDown)) return -1;
      if (is_any(token.text, kUp)) return 1;
    }
    return 0;
  }

  const Wording& wording_;
  Reading& reading_;
  std::vector<Item> items_;
  std::vector<Told> told_;
};

}  // namespace

const EffectWord* effect_word(std::string_view word) {
  for (const auto& entry : kEffectWords)
    if (is_word(word, entry.stem)) return &entry;
  return nullptr;
}

void read_effects(const Wording& wording, Reading& reading) { Effects{wording, reading}.read(); }

}  // namespace aisci::offline
