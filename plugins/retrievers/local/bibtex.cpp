#include "bibtex.hpp"

#include <aisci/plugin/call.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>

namespace aisci::local {
namespace {

using plugin::Code;
using plugin::Error;

class Reader {
 public:
  Reader(std::string_view text, const std::string& name) : text_{text}, name_{name} {}

  std::vector<json::object> run() {
    std::vector<json::object> records;
    while ((at_ = text_.find('@', at_)) != std::string_view::npos) {
      ++at_;
      const std::string type = word();
      if (type == "comment" || type == "preamble" || type == "string") continue;
      records.push_back(entry());
    }
    return records;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    const auto line =
        1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size())), '\n');
    throw Error{Code::kInvalidArgument, name_ + ", line " + std::to_string(line) + ": " + what};
  }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  void expect(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) fail(std::string{"'"} + c + "' was expected");
    ++at_;
  }
  std::string word() {
    skip();
    std::string out;
    while (at_ < text_.size() && !std::isspace(static_cast<unsigned char>(text_[at_])) &&
           std::string_view{"{},=\"#"}.find(text_[at_]) == std::string_view::npos)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(text_[at_++])));
    return out;
  }
  std::string value() {
    skip();
    if (at_ >= text_.size()) fail("a value was expected");
    const char open = text_[at_];
    if (open != '{' && open != '"') return word();
    ++at_;
    std::string out;
    for (int depth = 0; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size() && !std::isalpha(static_cast<unsigned char>(text_[at_ + 1]))) {
        ++at_;
        if (std::string_view{"&%$#_{}"}.find(text_[at_]) != std::string_view::npos) out += text_[at_];
        continue;
      }
      if (c == '{')
        ++depth;
      else if (c == '}' && depth > 0)
        --depth;
      else if ((open == '{' && c == '}') || (open == '"' && c == '"' && depth == 0)) {
        ++at_;
        return out;
      } else
        out += std::isspace(static_cast<unsigned char>(c)) ? ' ' : c;
    }
    fail("a value is not closed");
  }

  json::object entry() {
    expect('{');
    skip();
    std::string key;
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}') key += text_[at_++];
    std::map<std::string, std::string> fields;
    while (at_ < text_.size() && text_[at_] != '}') {
      if (text_[at_] == ',') ++at_;
      skip();
      if (at_ < text_.size() && text_[at_] == '}') break;
      const std::string field = word();
      if (field.empty()) fail("a field's name was expected");
      expect('=');
      fields[field] = value();
      skip();
    }
    expect('}');
    return record(key, fields);
  }

  static json::array sentences(const std::string& text) {
    json::array out;
    std::string one;
    for (std::size_t i = 0; i < text.size(); ++i) {
      one += text[i];
      if (text[i] == '.' && (i + 1 == text.size() || text[i + 1] == ' ') && one.size() > 20) {
        out.push_back(json::string{one.substr(one.find_first_not_of(' '))});
        one.clear();
      }
    }
    return out;
  }

  static json::object record(const std::string& key, std::map<std::string, std::string>& fields) {
    json::array authors;
    const std::string& names = fields["author"];
    for (std::size_t begin = 0; begin < names.size();) {
      const auto end = std::min(names.find(" and ", begin), names.size());
      std::string name = names.substr(begin, end - begin);
      if (const auto comma = name.find(','); comma != std::string::npos)
        name = name.substr(std::min(name.find_first_not_of(' ', comma + 1), name.size())) + " " + name.substr(0, comma);
      authors.push_back(json::string{name});
      begin = end + 5;
    }
    std::string venue;
    for (const char* field : {"journal", "booktitle", "publisher", "howpublished"})
      if (venue.empty()) venue = fields[field];
    return {{"key", key},
            {"title", fields["title"]},
            {"authors", std::move(authors)},
            {"year", std::atoi(fields["year"].c_str())},
            {"venue", venue},
            {"doi", fields["doi"]},
            {"arxiv", fields["eprint"]},
            {"url", fields["url"]},
            {"themes", json::array{}},
            {"statements", sentences(fields["abstract"])},
            {"checked_in", "the user's file"}};
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<json::object> read_bibtex(std::string_view text, const std::string& name) {
  return Reader{text, name}.run();
}

}  // namespace aisci::local
