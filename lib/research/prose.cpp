#include "research/prose.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text.hpp"

namespace aisci {
namespace {

// Names that carry a digit and are not measurements: the closed list of exceptions to "no digit by hand".
constexpr std::string_view kNamesWithDigits[] = {"CIFAR-100", "CIFAR-10", "ResNet-18", "ResNet-50", "GPT-2", "SHA-256",
                                                 "F1",        "L1",       "L2",        "2D",        "3D"};

std::string without_exceptions(std::string text) {
  for (const auto name : kNamesWithDigits) text = replace_all(std::move(text), name, "");
  return text;
}

class Resolver {
 public:
  Resolver(const Referents& referents, std::string_view place, std::vector<std::string>& problems)
      : referents_{referents}, place_{place}, problems_{problems} {}

  Pieces run(std::string_view text) {
    while (!text.empty()) {
      const auto begin = text.find("{{");
      literal(text.substr(0, begin));
      if (begin == std::string_view::npos) break;
      const auto end = text.find("}}", begin);
      if (end == std::string_view::npos) {
        problem("a reference is not closed: " + std::string{text.substr(begin, 40)});
        break;
      }
      reference(text.substr(begin + 2, end - begin - 2));
      text.remove_prefix(end + 2);
    }
    return std::move(pieces_);
  }

 private:
  void problem(const std::string& what) { problems_.push_back(std::string{place_} + ": " + what); }

  void literal(std::string_view text) {
    if (text.empty()) return;
    const std::string bare = without_exceptions(std::string{text});
    if (const auto digit = bare.find_first_of("0123456789"); digit != std::string::npos) {
      problem("a number written by hand: \"..." + bare.substr(digit > 15 ? digit - 15 : 0, 40) + "...\"");
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool stop = (text[i] == '.' || text[i] == '!' || text[i] == '?' || text[i] == '\n') &&
                        (i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\n');
      if (stop) named_.clear();  // arms are named anew in each sentence
    }
    pieces_.push_back({Piece::Kind::kText, std::string{text}, {}, {}, {}});
  }

  void reference(std::string_view body) {
    const auto colon = body.find(':');
    const auto kind = colon == std::string_view::npos ? std::string_view{} : body.substr(0, colon);
    const auto rest = colon == std::string_view::npos ? body : body.substr(colon + 1);
    const auto parts = split(rest, '|');
    if (kind.empty() || kind == "value") return value(parts);
    if (kind == "arm") return arm(parts[0]);
    if (kind == "cite") return cite(parts);
    if (kind == "figure") return pointer("figure", "Figure", parts[0], referents_.figures);
    if (kind == "table") return pointer("table", "Table", parts[0], referents_.tables);
    if (kind == "direction") return direction(parts);
    if (kind == "verdict") return word(referents_.verdicts, parts[0], "verdict");
    if (kind == "label") return word(referents_.labels, parts[0], "label");
    if (kind == "text") return text(parts[0]);
    if (kind == "math") return formula(rest);
    if (kind == "level") return value({"level." + parts[0]});
    problem("unknown kind of reference {{" + std::string{body} + "}}");
  }

  const Fact* fact(const std::string& name) {
    const auto it = referents_.facts.find(name);
    if (it != referents_.facts.end()) return &it->second;
    problem("{{" + name + "}} refers to nothing");
    return nullptr;
  }

  void value(const std::vector<std::string>& parts) {
    const Fact* found = fact(parts[0]);
    if (!found) return;
    bound_to_named_arms(parts[0], *found);
    const bool absolute = parts.size() > 1 && parts[1] == "abs", brief = parts.size() > 1 && parts[1] == "short";
    if (parts.size() > 1 && !absolute && !brief) problem("unknown form |" + parts[1] + " of {{" + parts[0] + "}}");
    pieces_.push_back({Piece::Kind::kValue,
                       absolute ? absolute_text(*found)
                       : brief  ? short_text(*found)
                                : found->text,
                       parts[0],
                       {},
                       {}});
  }

  // Words that the study was given: printed as they are, digits and all.
  void text(const std::string& name) {
    const Fact* found = fact(name);
    if (!found) return;
    if (found->kind != FactKind::kText) return problem("{{text:" + name + "}} is no text");
    pieces_.push_back({Piece::Kind::kText, found->text, {}, {}, {}});
  }

  // A formula in the line; a writer reads it. Numbers come from facts alone here too.
  void formula(std::string_view text) {
    if (text.find_first_of("0123456789") != std::string_view::npos)
      return problem("a number written by hand in {{math:" + std::string{text} + "}}");
    pieces_.push_back({Piece::Kind::kMath, std::string{text}, {}, {}, {}});
  }

  // A value of an arm follows that arm's name; a contrast's value follows its arms, treatment first.
  void bound_to_named_arms(const std::string& name, const Fact& found) {
    if (found.arms.empty()) return;
    if (found.arms.size() == 1) {
      if (named_.empty() || named_.back() != found.arms[0]) {
        problem("{{" + name + "}} is a value of " + found.arms[0] + " and must follow {{arm:" + found.arms[0] +
                "}} in its sentence" + (named_.empty() ? "" : "; the arm named last is " + named_.back()));
      }
      return;
    }
    const auto first = std::find(named_.begin(), named_.end(), found.arms.front());
    if (first == named_.end() || std::find(first, named_.end(), found.arms.back()) == named_.end()) {
      if (std::none_of(named_.begin(), named_.end(), [&](const std::string& arm) {
            return std::find(found.arms.begin(), found.arms.end(), arm) != found.arms.end();
          }))
        return;
      problem("{{" + name + "}} compares " + join(found.arms, " with ") + "; name them in that order before it");
    }
  }

  void arm(const std::string& id) {
    const auto it = referents_.arms.find(id);
    if (it == referents_.arms.end()) return problem("{{arm:" + id + "}} names no arm");
    named_.push_back(id);
    pieces_.push_back({Piece::Kind::kText, it->second, {}, {}, {}});
  }

  void cite(const std::vector<std::string>& parts) {
    Piece piece{Piece::Kind::kCite, {}, {}, {}, {}};
    if (parts.size() > 1 && parts[1] != "text") problem("unknown form |" + parts[1] + " of {{cite:" + parts[0] + "}}");
    piece.textual = parts.size() > 1;
    for (const auto& part : split(parts[0], ',')) {
      const std::string key = trim(part);
      if (!referents_.citations.count(key))
        problem("{{cite:" + key + "}} is no retrieved record");
      else
        piece.keys.push_back(key);
    }
    piece.text = "[" + join(piece.keys, ", ") + "]";
    if (!piece.keys.empty()) pieces_.push_back(std::move(piece));
  }

  void pointer(const char* kind, const char* word, const std::string& id, const std::map<std::string, int>& targets) {
    const auto it = targets.find(id);
    if (it == targets.end()) return problem(std::string{"{{"} + kind + ":" + id + "}} refers to nothing in the paper");
    pieces_.push_back({Piece::Kind::kReference,
                       std::string{word} + " " + std::to_string(it->second),
                       {},
                       {},
                       std::string{kind} + ":" + id});
  }

  void direction(const std::vector<std::string>& parts) {
    if (parts.size() != 3) return problem("{{direction:NAME|if positive|if negative}} needs two words");
    const Fact* found = fact(parts[0]);
    if (!found) return;
    pieces_.push_back({Piece::Kind::kValue, found->value >= 0 ? parts[1] : parts[2], parts[0], {}, {}});
  }

  void word(const std::map<std::string, std::string>& words, const std::string& id, const char* kind) {
    const auto it = words.find(id);
    if (it == words.end()) return problem(std::string{"{{"} + kind + ":" + id + "}} refers to nothing");
    pieces_.push_back({Piece::Kind::kText, it->second, {}, {}, {}});
  }

  const Referents& referents_;
  std::string_view place_;
  std::vector<std::string>& problems_;
  std::vector<std::string> named_;  // arms of the sentence so far
  Pieces pieces_;
};

}  // namespace

Pieces resolve(std::string_view text, const Referents& referents, std::string_view place,
               std::vector<std::string>& problems) {
  return Resolver{referents, place, problems}.run(text);
}

json::array to_json(const Pieces& pieces) {
  json::array out;
  for (const auto& piece : pieces) {
    switch (piece.kind) {
      case Piece::Kind::kText:
        out.push_back(json::object{{"text", piece.text}});
        break;
      case Piece::Kind::kValue:
        out.push_back(json::object{{"value", piece.text}, {"fact", piece.fact}});
        break;
      case Piece::Kind::kMath:
        out.push_back(json::object{{"math", piece.text}});
        break;
      case Piece::Kind::kCite:
        out.push_back(json::object{{"cite", json::array(piece.keys.begin(), piece.keys.end())}});
        if (piece.textual) out.back().as_object()["form"] = "text";
        break;
      case Piece::Kind::kReference: {
        const auto colon = piece.target.find(':');
        out.push_back(json::object{{"ref", piece.target.substr(colon + 1)}, {"kind", piece.target.substr(0, colon)}});
        break;
      }
    }
  }
  return out;
}

std::string plain(const Pieces& pieces) {
  std::string out;
  for (const auto& piece : pieces) out += piece.text;
  return out;
}

}  // namespace aisci
