// The paper's text as sentences, with what each refers to.
#include <algorithm>
#include <cctype>

#include "document.hpp"
#include "question_text.hpp"
#include "review_audit.hpp"

namespace aisci::offline {
namespace {

Reference reference_of(std::string_view body) {
  Reference reference;
  const auto colon = body.find(':');
  reference.kind = colon == std::string_view::npos ? "value" : std::string{body.substr(0, colon)};
  std::string_view rest = colon == std::string_view::npos ? body : body.substr(colon + 1);
  const auto bar = rest.find('|');
  reference.target = std::string{rest.substr(0, bar)};
  while (rest.find('|') != std::string_view::npos) {
    rest.remove_prefix(rest.find('|') + 1);
    reference.options.emplace_back(rest.substr(0, rest.find('|')));
  }
  return reference;
}

// Splits at the ends of sentences, outside references.
void split(const std::string& place, std::string_view text, std::vector<Sentence>& out) {
  Sentence sentence;
  sentence.place = place;
  const auto finish = [&] {
    if (sentence.raw.find_first_not_of(' ') != std::string::npos) out.push_back(std::move(sentence));
    sentence = {};
    sentence.place = place;
  };
  std::string literal;
  const auto flush = [&] {
    const std::string folded = fold(literal);
    if (!sentence.words.empty() && !folded.empty() && sentence.words.back() != ' ') sentence.words += ' ';
    sentence.words += folded;
    literal.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.compare(at, 2, "{{") == 0 ? text.find("}}", at) : std::string_view::npos;
    if (end != std::string_view::npos) {
      flush();
      Reference reference = reference_of(text.substr(at + 2, end - at - 2));
      if (!sentence.words.empty() && sentence.words.back() != ' ') sentence.words += ' ';
      reference.at = sentence.words.size();
      sentence.words += "# ";
      sentence.references.push_back(std::move(reference));
      sentence.raw += text.substr(at, end + 2 - at);
      at = end + 2;
      continue;
    }
    const char c = text[at];
    sentence.raw += c;
    literal += c;
    ++at;
    const bool stop = (c == '.' || c == '!' || c == '?') && (at == text.size() || text[at] == ' ' || text[at] == '\n');
    if (stop) {
      flush();
      finish();
    }
  }
  flush();
  finish();
}

}  // namespace

std::vector<Sentence> sentences_of(const json::object& study) {
  std::vector<Sentence> out;
  const auto& paper = object_of(study, "paper");
  if (paper.empty()) split("text", text_of(study, "text"), out);  // a paper that is known by its print alone
  split("title", text_of(paper, "title"), out);
  split("abstract", text_of(paper, "abstract"), out);
  for (const char* part : {"sections", "appendix"})
    for (const auto* section : objects_of(paper, part)) {
      const std::string id = text_of(*section, "id");
      for (const auto* block : objects_of(*section, "blocks")) {
        split(id, text_of(*block, "text"), out);
        for (const auto& item : texts_of(*block, "items")) split(id, item, out);
        split("caption of " + text_of(*block, "id"), text_of(*block, "caption"), out);
      }
    }
  for (const auto* figure : objects_of(study, "figures"))
    split("caption of " + text_of(*figure, "id"), text_of(*figure, "caption"), out);
  return out;
}

Spoken spoken_of(const json::object& study, const Sentence& sentence) {
  Spoken spoken;
  spoken.sentence = &sentence;
  for (const auto& reference : sentence.references) {
    spoken.cites = spoken.cites || reference.kind == "cite";
    const auto* entry = entry_of(study, reference.target.substr(0, reference.target.find('.')));
    if (entry && std::find(spoken.entries.begin(), spoken.entries.end(), entry) == spoken.entries.end())
      spoken.entries.push_back(entry);
  }
  return spoken;
}

std::vector<const json::object*> Spoken::claims() const {
  std::vector<const json::object*> claims;
  for (const auto* entry : entries)
    if (has(*entry, "verdict")) claims.push_back(entry);
  return claims;
}

std::string Spoken::entry() const {
  if (const auto decided = claims(); !decided.empty()) return text_of(*decided.front(), "id");
  if (!entries.empty()) return text_of(*entries.front(), "id");
  return sentence->place.rfind("caption of ", 0) == 0 ? sentence->place.substr(11) : std::string{};
}

std::string Spoken::here() const {
  return sentence->place.rfind("caption of ", 0) == 0 ? "a caption" : "the " + sentence->place;
}

std::size_t find_phrase(std::string_view words, std::string_view phrase, std::size_t from) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  for (auto at = words.find(phrase, from); at != std::string_view::npos; at = words.find(phrase, at + 1)) {
    const auto end = at + phrase.size();
    if ((at == 0 || !letter(words[at - 1])) && (end == words.size() || !letter(words[end]))) return at;
  }
  return std::string_view::npos;
}

const char* first_phrase(std::string_view words, const std::vector<const char*>& phrases) {
  for (const char* phrase : phrases)
    if (find_phrase(words, phrase) != std::string_view::npos) return phrase;
  return nullptr;
}

}  // namespace aisci::offline
