#include "literature/latex.hpp"

#include <cctype>
#include <map>

namespace aisci {
namespace {

// For each accent: a base letter and its accented form, alternating.
const std::map<char, std::map<std::string, std::string>>& accents() {
  static const std::map<char, std::map<std::string, std::string>> table{
      {'\'', {{"a", "á"}, {"e", "é"}, {"i", "í"}, {"o", "ó"}, {"u", "ú"}, {"y", "ý"}, {"c", "ć"}, {"n", "ń"},
              {"s", "ś"}, {"z", "ź"}, {"r", "ŕ"}, {"l", "ĺ"}, {"A", "Á"}, {"E", "É"}, {"I", "Í"}, {"O", "Ó"},
              {"U", "Ú"}, {"Y", "Ý"}, {"C", "Ć"}, {"N", "Ń"}, {"S", "Ś"}, {"Z", "Ź"}}},
      {'`',
       {{"a", "à"},
        {"e", "è"},
        {"i", "ì"},
        {"o", "ò"},
        {"u", "ù"},
        {"A", "À"},
        {"E", "È"},
        {"I", "Ì"},
        {"O", "Ò"},
        {"U", "Ù"}}},
      {'^',
       {{"a", "â"},
        {"e", "ê"},
        {"i", "î"},
        {"o", "ô"},
        {"u", "û"},
        {"A", "Â"},
        {"E", "Ê"},
        {"I", "Î"},
        {"O", "Ô"},
        {"U", "Û"},
        {"w", "ŵ"},
        {"y", "ŷ"}}},
      {'"',
       {{"a", "ä"},
        {"e", "ë"},
        {"i", "ï"},
        {"o", "ö"},
        {"u", "ü"},
        {"y", "ÿ"},
        {"A", "Ä"},
        {"E", "Ë"},
        {"I", "Ï"},
        {"O", "Ö"},
        {"U", "Ü"}}},
      {'~', {{"a", "ã"}, {"n", "ñ"}, {"o", "õ"}, {"A", "Ã"}, {"N", "Ñ"}, {"O", "Õ"}}},
      {'=', {{"a", "ā"}, {"e", "ē"}, {"i", "ī"}, {"o", "ō"}, {"u", "ū"}, {"A", "Ā"}, {"E", "Ē"}, {"O", "Ō"}}},
      {'.', {{"z", "ż"}, {"e", "ė"}, {"c", "ċ"}, {"g", "ġ"}, {"Z", "Ż"}, {"I", "İ"}}},
      {'v',
       {{"c", "č"},
        {"s", "š"},
        {"z", "ž"},
        {"r", "ř"},
        {"e", "ě"},
        {"n", "ň"},
        {"d", "ď"},
        {"t", "ť"},
        {"g", "ǧ"},
        {"C", "Č"},
        {"S", "Š"},
        {"Z", "Ž"},
        {"R", "Ř"},
        {"E", "Ě"},
        {"N", "Ň"},
        {"D", "Ď"}}},
      {'u', {{"a", "ă"}, {"g", "ğ"}, {"e", "ĕ"}, {"i", "ĭ"}, {"A", "Ă"}, {"G", "Ğ"}}},
      {'c', {{"c", "ç"}, {"s", "ş"}, {"t", "ţ"}, {"C", "Ç"}, {"S", "Ş"}, {"T", "Ţ"}}},
      {'k', {{"a", "ą"}, {"e", "ę"}, {"A", "Ą"}, {"E", "Ę"}}},
      {'r', {{"a", "å"}, {"u", "ů"}, {"A", "Å"}, {"U", "Ů"}}},
      {'H', {{"o", "ő"}, {"u", "ű"}, {"O", "Ő"}, {"U", "Ű"}}}};
  return table;
}

// The combining character of an accent, for letters without a form of their own.
const std::map<char, std::string>& combining() {
  static const std::map<char, std::string> table{{'\'', "\u0301"}, {'`', "\u0300"}, {'^', "\u0302"}, {'"', "\u0308"},
                                                 {'~', "\u0303"},  {'=', "\u0304"}, {'.', "\u0307"}, {'v', "\u030C"},
                                                 {'u', "\u0306"},  {'c', "\u0327"}, {'k', "\u0328"}, {'r', "\u030A"},
                                                 {'H', "\u030B"},  {'d', "\u0323"}, {'b', "\u0331"}};
  return table;
}

const std::map<std::string, std::string, std::less<>>& letters() {
  static const std::map<std::string, std::string, std::less<>> table{{"ss", "ß"},
                                                                     {"ae", "æ"},
                                                                     {"AE", "Æ"},
                                                                     {"oe", "œ"},
                                                                     {"OE", "Œ"},
                                                                     {"o", "ø"},
                                                                     {"O", "Ø"},
                                                                     {"l", "ł"},
                                                                     {"L", "Ł"},
                                                                     {"aa", "å"},
                                                                     {"AA", "Å"},
                                                                     {"i", "i"},
                                                                     {"j", "j"},
                                                                     {"dh", "ð"},
                                                                     {"DH", "Ð"},
                                                                     {"th", "þ"},
                                                                     {"TH", "Þ"},
                                                                     {"dj", "đ"},
                                                                     {"DJ", "Đ"},
                                                                     {"textendash", "–"},
                                                                     {"textemdash", "—"},
                                                                     {"ldots", "…"},
                                                                     {"dots", "…"},
                                                                     {"textasciitilde", "~"},
                                                                     {"textbackslash", "\\"},
                                                                     {"textquotesingle", "'"},
                                                                     {"textquoteright", "’"},
                                                                     {"alpha", "α"},
                                                                     {"beta", "β"},
                                                                     {"gamma", "γ"},
                                                                     {"delta", "δ"},
                                                                     {"epsilon", "ε"},
                                                                     {"lambda", "λ"},
                                                                     {"mu", "μ"},
                                                                     {"pi", "π"},
                                                                     {"sigma", "σ"},
                                                                     {"ell", "ℓ"},
                                                                     {"infty", "∞"},
                                                                     {"times", "×"},
                                                                     {"leq", "≤"},
                                                                     {"geq", "≥"}};
  return table;
}

class Plain {
 public:
  // Of an address each character counts that LaTeX reads as something else in a text.
  explicit Plain(std::string_view text, bool address = false) : text_{text}, address_{address} {}

  std::string run() {
    while (at_ < text_.size()) step();
    return squeezed();
  }

 private:
  bool starts(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  void step() {
    const char c = text_[at_];
    if (c == '\\') return command();
    if (address_ && c != '{' && c != '}') return put(text_.substr(at_, 1), 1);
    if (starts("---")) return put("—", 3);
    if (starts("--")) return put("–", 2);
    if (starts("``") || starts("''")) return put("\"", 2);
    ++at_;
    if (c == '{' || c == '}' || c == '$') return;
    out_ += c == '~' || std::isspace(static_cast<unsigned char>(c)) ? ' ' : c;
  }

  void put(std::string_view text, std::size_t length) {
    out_ += text;
    at_ += length;
  }

  // The letter an accent stands over: é is written \'e, \'{e}, \' e, \'\i and \'{\i}.
  std::string base_letter() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    const bool braced = at_ < text_.size() && text_[at_] == '{';
    if (braced) ++at_;
    if (at_ < text_.size() && text_[at_] == '\\') ++at_;  // \i and \j
    std::string letter;
    if (at_ < text_.size() && text_[at_] != '}') {
      letter += text_[at_++];
      while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) letter += text_[at_++];
    }
    if (braced && at_ < text_.size() && text_[at_] == '}') ++at_;
    return letter;
  }

  void accent(char mark) {
    const std::string letter = base_letter();
    if (const auto found = accents().find(mark); found != accents().end())
      if (const auto form = found->second.find(letter); form != found->second.end()) {
        out_ += form->second;
        return;
      }
    out_ += letter;
    if (!letter.empty()) out_ += combining().at(mark);
  }

  void command() {
    ++at_;
    if (at_ >= text_.size()) return;
    const char first = text_[at_];
    if (!std::isalpha(static_cast<unsigned char>(first))) {
      ++at_;
      if (address_ && starts("{}")) at_ += 2;  // \~{}
      if (!address_ && combining().count(first)) return accent(first);
      if (first == ' ' || first == '\\' || first == '\n') {
        out_ += ' ';
      } else if (first != '/' && first != '-' && first != '(' && first != ')' && first != ',' && first != ';') {
        out_ += first;  // \& \% \$ \# \_ \{ \}
      }
      return;
    }
    std::string name;
    while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_]))) name += text_[at_++];
    if (name.size() == 1 && combining().count(first)) return accent(first);
    const bool spaced = at_ < text_.size() && text_[at_] == ' ';
    if (const auto found = letters().find(name); found != letters().end()) {
      out_ += found->second;
      if (spaced) ++at_;           // the space only ends the command
      if (starts("{}")) at_ += 2;  // and so do empty braces
      return;
    }
    if (spaced) ++at_;  // a command around text, or a switch like \em: its text stays
  }

  std::string squeezed() const {
    std::string text;
    for (const char c : out_)
      if (c != ' ' || (!text.empty() && text.back() != ' ')) text += c;
    if (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
  }

  std::string_view text_;
  bool address_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string plain_text(std::string_view latex) { return Plain{latex}.run(); }
std::string plain_address(std::string_view latex) { return Plain{latex, true}.run(); }

}  // namespace aisci
