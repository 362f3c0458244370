#include "literature/bibtex.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "literature/latex.hpp"
#include "literature/record.hpp"

namespace aisci {
namespace {

struct Entry {
  std::string type, key;
  std::size_t line = 0;
  std::map<std::string, std::string> fields;  // as written, without the outer braces
};

// A key or name as messages show it: of a damaged file it may be anything.
std::string shown(const std::string& name) { return printable(name, 60); }

// Longest value, and what all of them together may have beyond what stands in the file: a @string that is made of
// others doubles with each.
constexpr std::size_t kLongestValue = 1 << 20;
constexpr std::size_t kMostRepeated = 64 << 20;

bool space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// The first thing wrong ends an entry; what it says is for the reader of the file.
class Parser {
 public:
  Parser(std::string_view text, const std::string& name, Reading& reading)
      : text_{text}, name_{name}, reading_{reading}, left_{text.size() + kMostRepeated} {
    static const char* kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    for (const char* month : kMonths) strings_[month] = month;
  }

  std::vector<Entry> run() {
    std::vector<Entry> entries;
    while ((at_ = text_.find('@', at_)) != std::string_view::npos) {
      const std::size_t begin = at_++;
      line_ = line_at(begin);
      counted_ = begin;
      const std::string type = word();
      wrong_.clear();
      if (type.empty()) continue;  // a stray @
      if (type == "comment") {
        comment();
      } else if (type == "preamble" || type == "string") {
        definition(type == "string");
      } else if (auto entry = read_entry(type, begin)) {
        entries.push_back(std::move(*entry));
      }
      if (!wrong_.empty()) recover(begin);
    }
    return entries;
  }

 private:
  // Counted on from where the entry begins that is read.
  std::size_t line_at(std::size_t place) const {
    const std::string_view between = text_.substr(counted_, std::min(place, text_.size()) - counted_);
    return line_ + static_cast<std::size_t>(std::count(between.begin(), between.end(), '\n'));
  }
  bool fail(const std::string& what) {
    if (wrong_.empty()) wrong_ = what, wrong_at_ = at_;
    return false;
  }
  void recover(std::size_t begin) {
    reading_.problems.push_back(name_ + ", line " + std::to_string(line_at(begin)) + ": " + wrong_ + " (line " +
                                std::to_string(line_at(wrong_at_)) + "); correct the entry and add the file again");
    const auto next = left_ == 0 ? std::string_view::npos : text_.find("\n@", begin + 1);
    at_ = next == std::string_view::npos ? text_.size() : next + 1;
  }
  void skip() {
    while (at_ < text_.size() && space(text_[at_])) ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string word() {
    skip();
    std::string out;
    while (at_ < text_.size() && !space(text_[at_]) &&
           std::string_view{"{}()=,\"#@"}.find(text_[at_]) == std::string_view::npos)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(text_[at_++])));
    return out;
  }

  // Whether a value may get so many bytes more.
  bool room_for(std::size_t bytes, const std::string& value) {
    if (value.size() + bytes > kLongestValue) return fail("a value is longer than 1 MB");
    if (bytes <= left_) return left_ -= bytes, true;
    left_ = 0;
    return fail("the values before it repeat 64 MB; nothing is read from here on");
  }

  // Text in braces or quotation marks, with what is nested in it.
  bool delimited(char close, std::string& out) {
    const std::size_t begin = at_;
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      const bool escapes = c == '\\' && at_ + 1 < text_.size();
      if (!room_for(escapes ? 2 : 1, out)) return false;
      if (escapes) {
        out += c;
        out += text_[++at_];
        continue;
      }
      if (depth == 0 && c == close) {
        ++at_;
        return true;
      }
      if (c == '{') ++depth;
      if (c == '}' && --depth < 0) return fail("a value has a closing brace too many");
      // A line that begins an entry inside a value: the value was never closed.
      if (c == '@' && at_ > begin && text_[at_ - 1] == '\n' && looks_like_entry(at_)) break;
      out += c;
    }
    return fail("a value is not closed");
  }
  bool looks_like_entry(std::size_t place) const {
    std::size_t at = place + 1;
    while (at < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at]))) ++at;
    return at > place + 1 && at < text_.size() && (text_[at] == '{' || text_[at] == '(');
  }

  // One or several parts joined by #: {text}, "text", 2021, or the name of a @string.
  bool value(std::string& out) {
    do {
      skip();
      if (at_ >= text_.size()) return fail("a value is missing");
      const char open = text_[at_];
      if (open == '{' || open == '"') {
        ++at_;
        if (!delimited(open == '{' ? '}' : '"', out)) return false;
        continue;
      }
      const std::string name = word();
      if (name.empty()) return fail("a value was expected");
      if (const auto known = strings_.find(name); known != strings_.end()) {
        if (!room_for(known->second.size(), out)) return false;
        out += known->second;
      } else if (std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c) || c == '-'; })) {
        if (!room_for(name.size(), out)) return false;
        out += name;
      } else {
        return fail("\"" + shown(name) + "\" is neither in quotation marks nor a @string defined before");
      }
    } while (take('#'));
    return true;
  }

  // "@comment" before text without braces is a comment of no length.
  void comment() {
    std::string unread;
    if (take('{')) delimited('}', unread);
  }

  void definition(bool keeps) {
    skip();
    const bool round = at_ < text_.size() && text_[at_] == '(';
    if (!take('{') && !take('(')) return;
    std::string name, text;
    if (keeps) {
      name = word();
      if (!take('=')) return void(fail("a @string has no ="));
    }
    if (!value(text)) return;
    if (!take(round ? ')' : '}')) return void(fail("a @string or @preamble is not closed"));
    if (keeps) strings_[name] = text;
  }

  std::optional<Entry> read_entry(const std::string& type, std::size_t begin) {
    skip();
    const char close = at_ < text_.size() && text_[at_] == '(' ? ')' : '}';
    if (!take('{') && !take('(')) return std::nullopt;  // an address such as somebody@example.org
    Entry entry{type, {}, line_at(begin), {}};
    skip();
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != close && text_[at_] != '\n')
      entry.key += text_[at_++];
    entry.key = trim(entry.key);
    if (entry.key.find_first_of("={\" \t") != std::string::npos)
      return fail("after the key " + shown(entry.key.substr(0, entry.key.find_first_of("={\" \t"))) +
                  " a comma was expected"),
             std::nullopt;
    const std::string named = entry.key.empty() ? "an entry" : "the entry " + shown(entry.key);
    while (!take(close)) {
      take(',');
      if (take(close)) break;
      if (at_ >= text_.size()) return fail(named + " is not closed"), std::nullopt;
      const std::string field = word();
      if (field.empty()) return fail(named + ": the name of a field was expected"), std::nullopt;
      if (!take('=')) return fail(named + ": after " + shown(field) + " there is no ="), std::nullopt;
      std::string text;
      if (!value(text)) return wrong_ = named + ", " + shown(field) + ": " + wrong_, std::nullopt;
      entry.fields.emplace(field, text);  // of two the first counts
      skip();
      if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != close)
        return fail(named + ": after " + shown(field) + " a comma was expected"), std::nullopt;
    }
    return entry;
  }

  std::string_view text_;
  const std::string& name_;
  Reading& reading_;
  std::map<std::string, std::string> strings_;
  std::string wrong_;
  std::size_t wrong_at_ = 0, at_ = 0;
  std::size_t left_;                    // bytes that values may still have
  std::size_t line_ = 1, counted_ = 0;  // the line where the entry begins, and its place
};

// A name list cut at " and " outside braces.
std::vector<std::string> names_of(std::string_view text) {
  std::vector<std::string> names;
  std::string current;
  int depth = 0;
  const std::string list = replace_all(replace_all(std::string{text}, "\n", " "), "\t", " ");
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '{') ++depth;
    if (list[i] == '}') --depth;
    if (depth == 0 && list.compare(i, 5, " and ") == 0) {
      names.push_back(trim(current));
      current.clear();
      i += 4;
      continue;
    }
    current += list[i];
  }
  names.push_back(trim(current));
  return names;
}

// "Given Family" of "Family, Given" and "Family, Jr, Given"; an organisation in braces stays as it is.
std::string person(const std::string& name) {
  if (name.size() > 1 && name.front() == '{' && name.back() == '}' && name.find('}') == name.size() - 1)
    return plain_text(name);
  std::vector<std::string> parts;
  for (const auto& part : split(name, ',')) parts.push_back(plain_text(part));
  if (parts.size() == 2) return trim(parts[1] + " " + parts[0]);
  if (parts.size() == 3) return trim(parts[2] + " " + parts[0] + " " + parts[1]);
  return plain_text(name);
}

class Converter {
 public:
  explicit Converter(const std::vector<Entry>& entries) {
    for (const auto& entry : entries) by_key_.emplace(entry.key, &entry);
  }

  json::object record(const Entry& entry) const {
    json::array authors, themes, statements;
    for (const auto& name : names_of(field(entry, {"author", "editor"})))
      if (!name.empty() && name != "others") authors.emplace_back(person(name));
    const std::string keywords = replace_all(plain_text(field(entry, {"keywords"})), ";", ",");
    for (const auto& word : split(keywords, ','))
      if (!trim(word).empty()) themes.emplace_back(trim(word));
    for (const auto& sentence : sentences_of(plain_text(field(entry, {"abstract"})))) statements.emplace_back(sentence);
    json::object out{{"key", entry.key},
                     {"title", plain_text(field(entry, {"title"}))},
                     {"authors", std::move(authors)},
                     {"year", year(entry)},
                     {"venue", plain_text(field(entry, {"journal", "journaltitle", "booktitle", "publisher", "school",
                                                        "institution", "howpublished"}))},
                     {"doi", normal_doi(plain_text(field(entry, {"doi"})))},
                     {"arxiv", normal_arxiv(field(entry, {"eprint", "arxiv", "arxivid"}))},
                     {"url", plain_address(field(entry, {"url"}))},
                     {"themes", std::move(themes)},
                     {"statements", std::move(statements)}};
    return out;
  }

 private:
  // The first of the fields that the entry has, or that its parent has. A parent's title is a book's.
  std::string field(const Entry& entry, const std::vector<std::string>& names, int depth = 0) const {
    for (const auto& name : names)
      if (const auto found = entry.fields.find(name); found != entry.fields.end() && !trim(found->second).empty())
        return found->second;
    const auto reference = entry.fields.find("crossref");
    if (reference == entry.fields.end() || depth > 3 || names.front() == "title" || names.front() == "abstract")
      return {};
    const auto parent = by_key_.find(trim(reference->second));
    if (parent == by_key_.end()) return {};
    if (names.front() == "journal")
      if (const auto book = field(*parent->second, {"booktitle", "title"}, depth + 1); !book.empty()) return book;
    return field(*parent->second, names, depth + 1);
  }

  std::int64_t year(const Entry& entry) const {
    const std::string text = plain_text(field(entry, {"year", "date"}));
    for (std::size_t i = 0; i + 4 <= text.size(); ++i)
      if (std::all_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.begin() + static_cast<std::ptrdiff_t>(i) + 4,
                      [](unsigned char c) { return std::isdigit(c); }))
        return std::atoi(text.substr(i, 4).c_str());
    return 0;
  }

  std::map<std::string, const Entry*> by_key_;
};

}  // namespace

Reading read_bibtex(std::string_view text, const std::string& name) {
  Reading reading;
  const std::vector<Entry> entries = Parser{text, name, reading}.run();
  const Converter converter{entries};
  std::map<std::string, std::size_t> seen;
  for (const auto& entry : entries) {
    const std::string place = name + ", line " + std::to_string(entry.line) + ": ";
    if (entry.type == "proceedings" || entry.type == "collection") continue;  // what others refer to by crossref
    if (const auto [before, fresh] = seen.emplace(entry.key, entry.line); !fresh && !entry.key.empty()) {
      reading.problems.push_back(place + "the key " + shown(entry.key) + " is that of line " +
                                 std::to_string(before->second) + " already; give this entry another one");
      continue;
    }
    json::object record = converter.record(entry);
    if (const std::string problem = problem_with(record); !problem.empty()) {
      reading.problems.push_back(place + "the entry " + shown(entry.key) + ": " + problem);
      continue;
    }
    reading.records.push_back(complete(std::move(record)));
  }
  return reading;
}

}  // namespace aisci
