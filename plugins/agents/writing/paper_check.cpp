#include "paper_check.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "kit/document.hpp"
#include "kit/formula.hpp"
#include "reference.hpp"

namespace aisci::writing {
namespace {

using namespace kit;

constexpr std::string_view kNamesWithDigits[] = {"CIFAR-100", "CIFAR-10", "ResNet-18", "ResNet-50", "GPT-2", "SHA-256",
                                                 "F1",        "L1",       "L2",        "2D",        "3D"};
constexpr const char* kComparatives[] = {"higher", "lower",    "larger",   "smaller",    "greater", "better",
                                         "worse",  "superior", "inferior", "outperform", "exceed",  "surpass",
                                         "beat",   "improve",  "degrade",  "stronger",   "weaker"};

// Follows one text from left to right.
class Reader {
 public:
  Reader(const PlacedText& placed, const json::object& paper, const json::object& study)
      : place_{placed.place}, paper_{paper}, study_{study} {}

  std::vector<std::string> run(std::string_view text) {
    for (const Part& part : parts_of(text)) {
      if (part.broken)
        problem("a reference is not closed: " + part.text.substr(0, 40));
      else if (part.kind.empty() && part.target.empty())
        literal(part.text);
      else
        reference(part);
    }
    return std::move(problems_);
  }

 private:
  void problem(const std::string& what) { problems_.push_back(place_ + ": " + what); }

  void literal(const std::string& text) {
    std::string bare = text;
    for (const auto name : kNamesWithDigits) bare = replaced(std::move(bare), name, "");
    if (const auto digit = bare.find_first_of("0123456789"); digit != std::string::npos)
      problem("a number written by hand: \"" + bare.substr(digit > 20 ? digit - 20 : 0, 45) + "\"");
    const auto end = end_of_sentence(text);
    if (end > 0) named_.clear(), labels_.clear(), said_.clear();
    said_ += text.substr(end);
  }

  void reference(const Part& part) {
    const auto known = [&](const char* document, const std::string& what) {
      if (!object_of(study_, document).contains(part.target)) problem("{{" + part.text + "}} " + what);
    };
    if (part.kind == "arm") {
      known("arms", "names no arm");
      named_.push_back(part.target);
    } else if (part.kind == "label") {
      known("labels", "is no label");
      labels_.push_back(part.target);
    } else if (part.kind == "level") {
      fact("level." + part.target, part);
      labels_.push_back(part.target);
    } else if (part.kind == "cite") {
      for (const auto& key : part.keys())
        if (!has_entry("literature", "key", key) && !has_entry("set_aside", "key", key))
          problem("{{cite:" + key + "}} is no record");
      if (!part.options.empty() && part.options != std::vector<std::string>{"text"})
        problem("{{" + part.text + "}} has a form that is none");
    } else if (part.kind == "figure" || part.kind == "table") {
      if (!blocks_of(paper_, part.kind).count(part.target))
        problem("{{" + part.text + "}} refers to nothing in the paper");
    } else if (part.kind == "verdict") {
      if (!has_entry("claims", "id", part.target)) problem("{{" + part.text + "}} is no claim");
    } else if (part.kind == "direction") {
      if (part.options.size() != 2) problem("{{" + part.text + "}} needs a word for positive and one for negative");
      fact(part.target, part);
    } else if (part.kind == "text") {
      if (text_of(fact(part.target, part), "kind") != "text") problem("{{" + part.text + "}} is no text");
    } else if (part.kind == "math") {
      const auto formula = read_formula({{part.text.substr(part.text.find(':') + 1)}});
      if (has_digit(part.text))
        problem("a number written by hand in {{" + part.text + "}}");
      else if (!formula.problem.empty())
        problem("{{" + part.text + "}} cannot be read: " + formula.problem);
    } else if (part.kind == "value") {
      value(part);
    } else {
      problem("unknown kind of reference {{" + part.text + "}}");
    }
  }

  const json::object& fact(const std::string& name, const Part& part) {
    const auto& found = object_of(object_of(study_, "facts"), name);
    if (found.empty()) problem("{{" + part.text + "}} refers to no fact");
    return found;
  }

  bool has_entry(const char* list, const char* member, const std::string& id) const {
    const auto entries = objects_of(study_, list);
    return std::any_of(entries.begin(), entries.end(),
                       [&](const json::object* entry) { return text_of(*entry, member) == id; });
  }

  void value(const Part& part) {
    const auto& found = fact(part.target, part);
    if (part.options.size() > 1 || (part.options.size() == 1 && part.options[0] != "abs" && part.options[0] != "short"))
      problem("{{" + part.text + "}} asks for a form that there is not");
    std::vector<std::string> arms = texts_of(found, "arms");
    if (arms.empty() && !text_of(found, "arm").empty()) arms.push_back(text_of(found, "arm"));
    if (arms.size() == 1 && (named_.empty() || named_.back() != arms[0]))
      problem("{{" + part.text + "}} must follow {{arm:" + arms[0] + "}} in its sentence");
    if (arms.size() > 1 && !in_order(named_, arms.front(), arms.back()) &&
        !labelled(part.target.substr(0, part.target.find('.'))))
      problem("{{" + part.text + "}} must follow the names of its arms in its sentence, {{arm:" + arms.front() +
              "}} before {{arm:" + arms.back() + "}}");
  }

  static bool in_order(const std::vector<std::string>& named, const std::string& first, const std::string& last) {
    const auto begin = std::find(named.begin(), named.end(), first);
    return begin != named.end() && std::find(begin, named.end(), last) != named.end();
  }

  // An interaction, told by its labels or by what its sides are called: treatment before baseline.
  bool labelled(const std::string& owner) const {
    for (const char* list : {"claims", "nodes"})
      for (const auto* entry : objects_of(study_, list)) {
        const auto& hypothesis = object_of(*entry, "hypothesis");
        if (text_of(*entry, "id") != owner || text_of(hypothesis, "kind") != "interaction") continue;
        if (const auto called = texts_of(hypothesis, "called"); called.size() == 2) {
          const auto first = said_.find(called[0]);
          return first != std::string::npos && said_.find(called[1], first + called[0].size()) != std::string::npos;
        }
        const auto* treatment = find_member(hypothesis, "treatment");
        const auto* baseline = find_member(hypothesis, "baseline");
        const std::string factor = text_of(hypothesis, "factor") + ".";
        return treatment && baseline &&
               in_order(labels_, factor + level_name(*treatment), factor + level_name(*baseline));
      }
    return false;
  }

  std::string place_;
  const json::object& paper_;
  const json::object& study_;
  std::vector<std::string> named_, labels_, problems_;
  std::string said_;  // the sentence's own words so far
};

// Whether a writer can read a formula in which values stand for references.
void check_equation(const std::string& place, const std::string& text, std::vector<std::string>& problems) {
  std::vector<FormulaPiece> pieces;
  for (const Part& part : parts_of(text)) {
    if (!part.kind.empty() && part.kind != "value" && part.kind != "level")
      problems.push_back(place + ": a formula holds facts alone, and not {{" + part.text + "}}");
    pieces.push_back({part.text, !part.kind.empty()});
  }
  if (const auto formula = read_formula(pieces); !formula.problem.empty())
    problems.push_back(place + ": the formula \"" + text + "\" cannot be read: " + formula.problem);
}

void check_blocks(const json::object& paper, std::vector<std::string>& problems) {
  std::set<std::string> seen;
  for (const char* part : {"sections", "appendix"})
    for (const auto* section : objects_of(paper, part)) {
      const std::string name = text_of(*section, "id");
      if (array_of(*section, "blocks").empty()) problems.push_back(name + ": the section is empty");
      for (const auto* block : objects_of(*section, "blocks")) {
        const std::string type = text_of(*block, "type"), id = text_of(*block, "id");
        if (type != "paragraph" && type != "equation" && type != "list" && type != "figure" && type != "table")
          problems.push_back(name + ": there is no block of type \"" + type + "\"");
        if ((type == "figure" || type == "table") && !seen.insert(type + ":" + id).second)
          problems.push_back(name + ": " + type + " " + id + " stands twice");
        if (type == "equation") check_equation(name, text_of(*block, "text"), problems);
        if (type != "table") continue;
        for (const auto& row : array_of(*block, "rows"))
          if (!row.is_array() || row.get_array().size() != array_of(*block, "columns").size())
            problems.push_back(name + ": a row of table " + id + " is not as wide as the table");
      }
    }
}

void check_figures(const json::object& paper, const json::object& study, std::vector<std::string>& problems) {
  std::set<std::string> made;
  for (const auto* figure : objects_of(study, "figures")) made.insert(text_of(*figure, "id"));
  for (const auto& id : blocks_of(paper, "figure"))
    if (!made.count(id)) problems.push_back("figure " + id + " was not made");
}

void check_citations(const json::object& paper, const json::object& study, std::vector<std::string>& problems) {
  std::map<std::string, std::string> support;
  for (const auto* citation : objects_of(paper, "citations"))
    support[text_of(*citation, "key")] = text_of(*citation, "support");
  std::set<std::string> cited;
  for (const auto& placed : placed_texts(paper))
    for (const Part& part : parts_of(placed.text))
      if (part.kind == "cite")
        for (const auto& key : part.keys()) cited.insert(key);
  for (const char* list : {"literature", "set_aside"})
    for (const auto* record : objects_of(study, list)) {
      const std::string key = text_of(*record, "key");
      if (cited.count(key) && !contains(texts_of(*record, "statements"), support[key]))
        problems.push_back("citation " + key +
                           ": its support is not one of the record's statements, letter for letter");
    }
}

constexpr std::size_t kPhrase = 8;

// Without somebody else's words.
std::string without_quotations(std::string text) {
  for (std::size_t begin; (begin = text.find("\u201c")) != std::string::npos;) {
    const auto end = text.find("\u201d", begin);
    text.erase(begin, end == std::string::npos ? std::string::npos : end + 3 - begin);
  }
  return text;
}

// Words in lower case, without the marks around them.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    const bool inside = static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (inside)
      word += static_cast<char>(static_cast<unsigned char>(c) < 0x80 ? std::tolower(c) : c);
    else if (c != ' ' && c != '\n' && !word.empty())
      word += c;
    if (c != ' ' && c != '\n') continue;
    while (!word.empty() && static_cast<unsigned char>(word.back()) < 0x80 &&
           !std::isalnum(static_cast<unsigned char>(word.back())))
      word.pop_back();
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  }
  return words;
}

bool starts_word(const std::string& text, std::size_t at) {
  return at == 0 || !((text[at - 1] >= 'a' && text[at - 1] <= 'z') || (text[at - 1] >= 'A' && text[at - 1] <= 'Z'));
}

}  // namespace

std::vector<PlacedText> placed_texts(const json::object& paper) {
  std::vector<PlacedText> texts{{"title", text_of(paper, "title")}, {"abstract", text_of(paper, "abstract")}};
  for (const char* part : {"sections", "appendix"})
    for (const auto* section : objects_of(paper, part)) {
      const std::string name = text_of(*section, "id");
      texts.push_back({name + ".title", text_of(*section, "title")});
      std::size_t index = 0;
      for (const auto* block : objects_of(*section, "blocks")) {
        const std::string place = name + "[" + std::to_string(index++) + "]", type = text_of(*block, "type");
        if (type == "paragraph" || type == "equation") texts.push_back({place, text_of(*block, "text")});
        if (type == "table") texts.push_back({place + ".caption", text_of(*block, "caption")});
        for (const auto& item : texts_of(*block, "items")) texts.push_back({place + ".item", item});
        for (const auto& column : texts_of(*block, "columns")) texts.push_back({place + ".column", column});
        for (const auto& row : array_of(*block, "rows")) {
          std::string joined;
          if (row.is_array())
            for (const auto& cell : row.get_array())
              joined += (joined.empty() ? "" : " | ") +
                        (cell.is_string() ? std::string{cell.get_string().c_str()} : std::string{});
          texts.push_back({place + ".row", joined});
        }
      }
    }
  return texts;
}

std::vector<std::string> text_problems(const PlacedText& placed, const json::object& paper, const json::object& study) {
  return Reader{placed, paper, study}.run(placed.text);
}

std::vector<std::string> paper_problems(const json::object& paper, const json::object& study) {
  std::vector<std::string> problems;
  for (const auto& placed : placed_texts(paper))
    for (auto& found : text_problems(placed, paper, study)) problems.push_back(std::move(found));
  check_blocks(paper, problems);
  check_figures(paper, study, problems);
  check_citations(paper, study, problems);
  return problems;
}

std::vector<std::string> unbound_comparatives(const json::object& paper) {
  std::vector<std::string> found;
  for (const auto& placed : placed_texts(paper))
    for (const auto& sentence : sentences_of(placed.text)) {
      std::string literal;
      bool answered = false;
      for (const Part& part : parts_of(sentence)) {
        answered = answered || part.kind == "cite";
        if (part.kind.empty()) literal += part.text;
      }
      literal = without_quotations(std::move(literal));
      for (const char* word : kComparatives)
        for (std::size_t at = answered ? std::string::npos : literal.find(word); at != std::string::npos;
             at = literal.find(word, at + 1))
          if (starts_word(literal, at))
            found.push_back(placed.place + ": \"" + word +
                            "\" is bound to no value: " + literal.substr(at > 40 ? at - 40 : 0, 80));
    }
  return found;
}

std::vector<std::string> repeated_phrases(const json::object& paper, const json::object& study) {
  std::map<std::string, std::string> first;  // phrase -> where it stood first
  std::set<std::pair<std::string, std::string>> told;
  std::vector<std::string> found;
  for (const auto& placed : placed_texts(paper)) {
    const std::string end = placed.place.substr(std::min(placed.place.rfind('.'), placed.place.size()));
    if (end == ".caption" || end == ".row" || end == ".column") continue;
    const std::vector<std::string> words = words_of(without_quotations(printed(placed.text, paper, study)));
    for (std::size_t i = 0; i + kPhrase <= words.size(); ++i) {
      std::string phrase;
      for (std::size_t k = 0; k < kPhrase; ++k) phrase += (k ? " " : "") + words[i + k];
      const auto [at, is_new] = first.emplace(phrase, placed.place);
      if (!is_new && told.insert({at->second, placed.place}).second)
        found.push_back(placed.place + ": \"" + phrase + "\" stands in " + at->second + " too");
    }
  }
  return found;
}

std::vector<std::string> response_problems(const json::object& revision, const json::object& input) {
  std::vector<std::string> problems;
  std::set<std::string> asked, answered;
  for (const auto* point : objects_of(input, "points")) asked.insert(text_of(*point, "id"));
  for (const auto* response : objects_of(revision, "responses")) {
    const std::string id = text_of(*response, "point");
    if (!asked.count(id)) problems.push_back("responses: there is no point \"" + id + "\"");
    if (text_of(*response, "text").empty()) problems.push_back("responses: the response to " + id + " says nothing");
    answered.insert(id);
  }
  for (const auto& id : asked)
    if (!answered.count(id)) problems.push_back("responses: point " + id + " has none");
  return problems;
}

std::string printed(std::string_view text, const json::object& paper, const json::object& study) {
  std::string out;
  for (const Part& part : parts_of(text)) out += part.kind.empty() ? part.text : shown(part, paper, study);
  return out;
}

}  // namespace aisci::writing
