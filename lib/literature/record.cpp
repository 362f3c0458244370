#include "literature/record.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <regex>

#include "base/text.hpp"

namespace aisci {
namespace {

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// The plain letter of one in Latin-1 Supplement or Latin Extended-A, which is what names and titles have.
const char* plain_letter(char32_t code) {
  static const std::map<char32_t, const char*> table = [] {
    std::map<char32_t, const char*> letters;
    const auto range = [&](std::initializer_list<std::pair<char32_t, char32_t>> spans, const char* letter) {
      for (const auto& [begin, end] : spans)
        for (char32_t at = begin; at <= end; ++at) letters[at] = letter;
    };
    range({{0xC0, 0xC5}, {0xE0, 0xE5}, {0x100, 0x105}}, "a");
    range({{0xC6, 0xC6}, {0xE6, 0xE6}}, "ae");
    range({{0xC7, 0xC7}, {0xE7, 0xE7}, {0x106, 0x10D}}, "c");
    range({{0xD0, 0xD0}, {0xF0, 0xF0}, {0x10E, 0x111}}, "d");
    range({{0xC8, 0xCB}, {0xE8, 0xEB}, {0x112, 0x11B}}, "e");
    range({{0x11C, 0x123}}, "g");
    range({{0x124, 0x127}}, "h");
    range({{0xCC, 0xCF}, {0xEC, 0xEF}, {0x128, 0x131}}, "i");
    range({{0x134, 0x135}}, "j");
    range({{0x136, 0x138}}, "k");
    range({{0x139, 0x142}}, "l");
    range({{0xD1, 0xD1}, {0xF1, 0xF1}, {0x143, 0x148}}, "n");
    range({{0xD2, 0xD6}, {0xD8, 0xD8}, {0xF2, 0xF6}, {0xF8, 0xF8}, {0x14C, 0x151}}, "o");
    range({{0x152, 0x153}}, "oe");
    range({{0x154, 0x159}}, "r");
    range({{0x15A, 0x161}}, "s");
    range({{0xDF, 0xDF}}, "ss");
    range({{0x162, 0x167}}, "t");
    range({{0xD9, 0xDC}, {0xF9, 0xFC}, {0x168, 0x173}}, "u");
    range({{0x174, 0x175}}, "w");
    range({{0xDD, 0xDD}, {0xFD, 0xFD}, {0xFF, 0xFF}, {0x176, 0x178}}, "y");
    range({{0x179, 0x17E}}, "z");
    return letters;
  }();
  const auto found = table.find(code);
  return found == table.end() ? nullptr : found->second;
}

// The character at a place, which moves past it.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at++]);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  char32_t code = more == 3 ? first & 0x07u : more == 2 ? first & 0x0Fu : more == 1 ? first & 0x1Fu : first;
  for (int i = 0; i < more && at < text.size(); ++i)
    code = code << 6 | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
  return code;
}

std::string family_of(std::string_view name) {
  if (const auto comma = name.find(','); comma != std::string_view::npos) return normal_title(name.substr(0, comma));
  const std::string trimmed = trim(name);
  const auto space = trimmed.rfind(' ');
  return normal_title(space == std::string::npos ? trimmed : trimmed.substr(space + 1));
}

bool is_arxiv_doi(std::string_view doi) { return doi.rfind("10.48550/", 0) == 0; }

// The lists of both, each entry once.
json::array joined_lists(const json::array& first, const json::array& second) {
  json::array out = first;
  for (const auto& value : second)
    if (std::find(out.begin(), out.end(), value) == out.end()) out.push_back(value);
  return out;
}

constexpr const char* kTexts[] = {"key", "title", "venue", "doi", "arxiv", "url", "checked_in", "abstract"};
constexpr const char* kLists[] = {"authors", "themes", "statements"};

// What is wrong with the characters of a text; "" when nothing is.
std::string problem_with_characters(std::string_view text) {
  if (!is_utf8(text)) return "is not UTF-8; save the file as UTF-8 and add it again";
  const bool odd = std::any_of(text.begin(), text.end(), [](unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
  });
  return odd ? "holds a control character, which no text needs; take it out and add the file again" : "";
}

bool is_text_list(const json::value& value) {
  return value.is_array() && std::all_of(value.get_array().begin(), value.get_array().end(),
                                         [](const json::value& item) { return item.is_string(); });
}

std::string made_key(const json::object& record) {
  static const std::vector<std::string> kSmall{"a",   "an",  "the", "on", "of",  "in",
                                               "for", "and", "to",  "is", "how", "why"};
  std::string word, current;
  for (const char c : lower(text_of(record, "title")) + " ") {
    if (std::isalnum(static_cast<unsigned char>(c))) {
      current += c;
    } else if (!current.empty()) {
      if (std::find(kSmall.begin(), kSmall.end(), current) == kSmall.end()) {
        word = current;
        break;
      }
      current.clear();
    }
  }
  const auto year = integer_of(record, "year");
  const std::string family = first_family(record);
  return (family.empty() ? "anonymous" : family) + (year > 0 ? std::to_string(year) : "") + word;
}

}  // namespace

std::string normal_doi(std::string_view text) {
  const std::string low = lower(trim(text));
  const auto begin = low.find("10.");
  if (begin == std::string::npos) return {};
  static const std::regex kDoi{R"(10\.[0-9]{4,9}/[^\s"<>]+)"};
  std::smatch found;
  if (!std::regex_search(low, found, kDoi)) return {};
  std::string doi = found.str();
  while (!doi.empty() && (doi.back() == '.' || doi.back() == ',' || doi.back() == ';')) doi.pop_back();
  return doi;
}

std::string normal_arxiv(std::string_view text) {
  static const std::regex kNew{R"((^|[^0-9.])([0-9]{4}\.[0-9]{4,5})(v[0-9]+)?($|[^0-9]))"};
  static const std::regex kOld{R"(([a-z][a-z-]+(\.[A-Za-z]{2})?/[0-9]{7})(v[0-9]+)?($|[^0-9]))"};
  const std::string given{trim(text)};
  std::smatch found;
  if (std::regex_search(given, found, kNew)) return found[2];
  if (std::regex_search(given, found, kOld)) return found[1];
  return {};
}

std::string normal_title(std::string_view title) {
  std::string out;
  for (std::size_t at = 0; at < title.size();) {
    const std::size_t begin = at;
    const char32_t code = next_character(title, at);
    if (code < 0x80) {
      if (std::isalnum(static_cast<int>(code))) out += static_cast<char>(std::tolower(static_cast<int>(code)));
    } else if (const char* letter = plain_letter(code)) {
      out += letter;
    } else if (code >= 0x370 && !(code >= 0x2000 && code < 0x2C00)) {  // other scripts; no dashes and quotation marks
      out += title.substr(begin, at - begin);
    }
  }
  return out;
}

std::string first_family(const json::object& record) {
  const auto& authors = array_of(record, "authors");
  return authors.empty() || !authors[0].is_string() ? std::string{} : family_of(authors[0].get_string().c_str());
}

bool same_paper(const json::object& a, const json::object& b) {
  const std::string doi_a = normal_doi(text_of(a, "doi")), doi_b = normal_doi(text_of(b, "doi"));
  if (!doi_a.empty() && doi_a == doi_b) return true;
  const std::string arxiv_a = normal_arxiv(text_of(a, "arxiv")), arxiv_b = normal_arxiv(text_of(b, "arxiv"));
  if (!arxiv_a.empty() && !arxiv_b.empty()) return arxiv_a == arxiv_b;
  if (!doi_a.empty() && !doi_b.empty() && !is_arxiv_doi(doi_a) && !is_arxiv_doi(doi_b)) return false;
  const std::string title = normal_title(text_of(a, "title"));
  if (title.empty() || title != normal_title(text_of(b, "title"))) return false;
  const std::string family_a = first_family(a), family_b = first_family(b);
  if (!family_a.empty() && !family_b.empty() && family_a != family_b) return false;
  const auto year_a = integer_of(a, "year"), year_b = integer_of(b, "year");
  return year_a == 0 || year_b == 0 || std::abs(year_a - year_b) <= 1;
}

json::object merged(const json::object& first, const json::object& second) {
  json::object out = first;
  for (const auto& entry : second) {
    json::value& mine = out[entry.key()];
    const bool empty = mine.is_null() || (mine.is_string() && mine.get_string().empty()) ||
                       (mine.is_array() && mine.get_array().empty()) || (mine.is_int64() && mine.get_int64() == 0);
    if (empty) mine = entry.value();
  }
  for (const char* list : {"themes", "statements"})
    out[list] = joined_lists(array_of(first, list), array_of(second, list));
  if (array_of(first, "statements").empty() && !array_of(second, "statements").empty())
    for (const char* name : {"key", "checked_in"}) out[name] = text_of(second, name);
  return out;
}

json::object complete(json::object record) {
  for (const char* name : {"key", "title", "venue", "doi", "arxiv", "url", "checked_in"})
    record[name] = trim(text_of(record, name));
  for (const char* name : {"authors", "themes", "statements"}) {
    json::array list = array_of(record, name);  // a copy: a new member moves the others
    record[name] = std::move(list);
  }
  record["year"] = integer_of(record, "year");
  if (normal_arxiv(text_of(record, "arxiv")).empty())
    for (const char* name : {"doi", "url", "venue"})
      if (const std::string place = text_of(record, name); lower(place).find("arxiv") != std::string::npos)
        record["arxiv"] = normal_arxiv(place);
  record["arxiv"] = normal_arxiv(text_of(record, "arxiv"));
  record["doi"] = normal_doi(text_of(record, "doi"));
  if (is_arxiv_doi(text_of(record, "doi"))) record["doi"] = "";  // the arXiv number says the same
  if (text_of(record, "checked_in").empty()) record["checked_in"] = "the user's own file";
  if (text_of(record, "key").empty()) record["key"] = made_key(record);
  return record;
}

std::string problem_with(const json::object& record) {
  for (const char* name : kTexts)
    if (const auto& value = member(record, name); !value.is_null() && !value.is_string())
      return std::string{name} + " is not a text";
  for (const char* name : kLists)
    if (const auto& value = member(record, name); !value.is_null() && !is_text_list(value))
      return std::string{name} + " is not a list of texts";
  for (const char* name : kTexts)
    if (const auto problem = problem_with_characters(text_of(record, name)); !problem.empty())
      return std::string{name} + " " + problem;
  for (const char* name : kLists)
    for (const auto& item : array_of(record, name))
      if (const auto problem = problem_with_characters(item.get_string()); !problem.empty())
        return std::string{name} + ": one of them " + problem;
  if (const auto& year = member(record, "year"); !year.is_null()) {
    const bool fits =
        year.is_int64() && (year.get_int64() == 0 || (year.get_int64() > 999 && year.get_int64() < 10000));
    if (!fits) return "year is not a year in four figures, written as a number";
  }
  if (trim(text_of(record, "title")).empty()) return "there is no title";
  if (const std::string doi = trim(text_of(record, "doi")); !doi.empty() && normal_doi(doi).empty())
    return "\"" + doi + "\" is not a DOI, which begins with 10.";
  if (const std::string arxiv = trim(text_of(record, "arxiv")); !arxiv.empty() && normal_arxiv(arxiv).empty())
    return "\"" + arxiv + "\" is not an arXiv number such as 1412.6980";
  return {};
}

const std::vector<std::string>& members_read() {
  static const std::vector<std::string> kAll = [] {
    std::vector<std::string> all{"year", "added"};
    all.insert(all.end(), std::begin(kTexts), std::end(kTexts));
    all.insert(all.end(), std::begin(kLists), std::end(kLists));
    return all;
  }();
  return kAll;
}

// What has fewer words says nothing that a citation could rest on: "Code: here."
static bool says_something(const std::string& sentence) {
  return std::count(sentence.begin(), sentence.end(), ' ') >= 2;
}

std::vector<std::string> sentences_of(std::string_view abstract) {
  static const std::vector<std::string> kShort{"e.g.", "i.e.", "al.",  "cf.", "vs.",    "resp.",
                                               "fig.", "eq.",  "sec.", "no.", "approx."};
  const std::string text = trim(abstract);
  std::vector<std::string> list;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '.' && text[i] != '!' && text[i] != '?') continue;
    const bool last = i + 1 == text.size();
    if (!last && text[i + 1] != ' ') continue;
    const auto space = text.rfind(' ', i);
    const std::string word = lower(
        text.substr(space == std::string::npos ? 0 : space + 1, i - (space == std::string::npos ? 0 : space + 1) + 1));
    const bool initial = word.size() == 2;
    if (!last && (initial || std::find(kShort.begin(), kShort.end(), word) != kShort.end() || word.front() == '('))
      continue;
    if (const std::string one = trim(text.substr(begin, i + 1 - begin)); says_something(one)) list.push_back(one);
    begin = i + 1;
  }
  if (const std::string rest = trim(text.substr(std::min(begin, text.size()))); says_something(rest))
    list.push_back(rest);
  return list;
}

}  // namespace aisci
