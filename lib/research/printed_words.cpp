#include "research/printed_words.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace aisci {
namespace {

constexpr std::size_t kShortest = 4;  // letters that are looked for at all
constexpr std::size_t kLong = 40;     // letters that hardly stand twice by chance
constexpr const char* kFootnote =
    "Written by a machine; see the statement";  // as the writer begins it, which its test pins
constexpr std::size_t kWidestGap = 12000;       // letters of the figures and tables that may break a passage

// Scripts whose letters a PDF's text has one by one and in the order of reading; Greek is left out, which formulas
// print in other code points.
bool keeps(std::uint32_t point) {
  static constexpr std::pair<std::uint32_t, std::uint32_t> kScripts[] = {
      {0x400, 0x52f}, {0x3040, 0x30ff}, {0x3400, 0x9fff}, {0xac00, 0xd7af}};
  return std::any_of(std::begin(kScripts), std::end(kScripts),
                     [&](const auto& script) { return script.first <= point && point <= script.second; });
}

// The plain letters or digits of an accented letter, a ligature, a raised or a lowered digit: some fonts print an
// accent and its letter in two parts, and TeX raises a plain digit. "" for any other character.
std::string plain_letters(std::uint32_t point) {
  static constexpr std::string_view kLatin =  // U+00C0 to U+017F
      "a a a a a a ae c e e e e i i i i d n o o o o o - o u u u u y th ss a a a a a a ae c e e e e i i i i "
      "d n o o o o o - o u u u u y th y a a a a a a c c c c c c c c d d d d e e e e e e e e e e g g g g g g "
      "g g h h h h i i i i i i i i i i ij ij j j k k k l l l l l l l l l l n n n n n n n n n o o o o o o oe "
      "oe r r r r r r s s s s s s s s t t t t t t u u u u u u u u u u u u w w y y y z z z z z z s";
  static const std::vector<std::string> kPlain = split(kLatin, ' ');
  static constexpr const char* kLigatures[] = {"ff", "fi", "fl", "ffi", "ffl"};  // U+FB00 and on
  if (point >= 0xc0 && point < 0xc0 + kPlain.size()) return kPlain[point - 0xc0] == "-" ? "" : kPlain[point - 0xc0];
  if (point >= 0xfb00 && point < 0xfb00 + std::size(kLigatures)) return kLigatures[point - 0xfb00];
  if (point == 0xb2 || point == 0xb3) return std::to_string(point - 0xb0);
  if (point == 0xb9) return "1";
  for (const std::uint32_t zero : {0x2070U, 0x2080U})
    if (point >= zero && point <= zero + 9) return std::to_string(point - zero);
  return {};
}

std::string letters_of(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      if ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z')) out += text[i];
      if (byte >= 'A' && byte <= 'Z') out += static_cast<char>(byte - 'A' + 'a');
      ++i;
      continue;
    }
    const std::size_t size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    std::uint32_t point = byte & (0xffU >> (size + 1));
    for (std::size_t k = 1; k < size && i + k < text.size(); ++k)
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3fU);
    out += keeps(point) ? std::string{text.substr(i, size)} : plain_letters(point);
    i += size;
  }
  return out;
}

struct Passage {
  std::string text;     // as it is told
  std::string letters;  // as it is looked for
  bool body = false;    // of the running text, which figures and tables do not belong to
};

// How often some letters stand in others, without overlapping.
int occurrences(const std::string& text, const std::string& letters) {
  int found = 0;
  for (auto at = text.find(letters); at != std::string::npos; at = text.find(letters, at + letters.size())) ++found;
  return found;
}

class Passages {
 public:
  static std::vector<Passage> of(const json::object& paper) {
    Passages all;
    all.add(member(paper, "title"), true);
    all.add(member(paper, "abstract"), true);
    for (const char* part : {"sections", "appendix"})
      for (const auto& section : array_of(paper, part)) {
        if (!section.is_object()) continue;
        all.add(member(section.get_object(), "title"), true);
        for (const auto& block : array_of(section.get_object(), "blocks"))
          if (block.is_object()) all.block(block.get_object());
      }
    for (const auto& [id, figure] : object_of(paper, "figures"))
      if (figure.is_object()) all.add(member(figure.get_object(), "caption"), false);
    for (const auto& record : array_of(paper, "references"))
      if (record.is_object()) all.word(text_of(record.get_object(), "title"), false);
    all.word(text_of(paper, "statement"), true);
    return std::move(all.list_);
  }

 private:
  void block(const json::object& block) {
    if (text_of(block, "type") == "equation") return;
    add(member(block, "text"), true);
    for (const auto& item : array_of(block, "items")) add(item, true);
    add(member(block, "caption"), false);
    // The cells of a row follow each other.
    json::array row;
    const auto append = [&](const json::value& cell) {
      if (const auto* pieces = cell.if_array()) row.insert(row.end(), pieces->begin(), pieces->end());
    };
    for (const auto& column : array_of(block, "columns")) append(column);
    add(std::exchange(row, {}), false);
    for (const auto& cells : array_of(block, "rows")) {
      if (const auto* list = cells.if_array())
        for (const auto& cell : *list) append(cell);
      add(std::exchange(row, {}), false);
    }
  }
  void add(const json::value& pieces, bool body) {
    std::string text;
    if (const auto* list = pieces.if_array())
      for (const auto& piece : *list) {
        const json::object* one = piece.if_object();
        if (one && (one->contains("text") || one->contains("value")))
          text += text_of(*one, "text") + text_of(*one, "value");
        else
          word(std::exchange(text, {}), body);
      }
    word(std::move(text), body);
  }
  void word(std::string text, bool body) {
    std::string letters = letters_of(text);
    if (letters.size() >= kShortest) list_.push_back({std::move(text), std::move(letters), body});
  }

  std::vector<Passage> list_;
};

// The letters of the pages, and what stands where: what may break a passage is the end of a page or a caption, and
// never running text.
class Pages {
 public:
  explicit Pages(std::string_view text) {
    for (const std::string& page : split(std::string{text}, '\f')) {
      for (const std::string& line : split(page, '\n')) {
        lines_.insert(letters_.size());
        letters_ += letters_of(line);
      }
      ends_.push_back(letters_.size());
      lines_.insert(letters_.size());
    }
    stands_.assign(letters_.size(), Stands::kNothing);
    longest_over_.assign(letters_.size(), 0);
  }

  int count(const std::string& passage) const { return occurrences(letters_, passage); }
  // Of these, those that are no part of a longer passage which stands there.
  int count_apart(const std::string& passage) const {
    int found = 0;
    each(passage, [&](std::size_t at) {
      const auto first = longest_over_.begin() + static_cast<std::ptrdiff_t>(at),
                 last = first + static_cast<std::ptrdiff_t>(passage.size());
      found += std::any_of(first, last, [&](std::size_t length) { return length <= passage.size(); });
    });
    return found;
  }
  // The footnote on who wrote a document, at the foot of a column or a page.
  void mark_footnote() {
    each(letters_of(kFootnote), [&](std::size_t at) { stands_[at] = Stands::kCaption; });
  }
  void mark(const Passage& passage) {
    if (passage.letters.size() < kLong) return;
    const Stands as = passage.body ? Stands::kText : Stands::kCaption;
    each(passage.letters, [&](std::size_t at) {
      for (std::size_t i = at; i < at + passage.letters.size(); ++i) {
        stands_[i] = std::max(stands_[i], as);
        longest_over_[i] = std::max(longest_over_[i], passage.letters.size());
      }
    });
  }
  // Whether the passage stands there in two parts, with such a break in between.
  bool broken(const std::string& passage) const {
    const std::size_t whole = passage.size(),
                      most = longest(whole, [&](std::size_t n) { return passage.substr(0, n); }),
                      rest = longest(whole, [&](std::size_t n) { return passage.substr(whole - n); });
    bool found = false;
    for (std::size_t cut = std::max(whole - rest, std::size_t{1}); cut <= std::min(most, whole - 1) && !found; ++cut) {
      const std::string first = passage.substr(0, cut), second = passage.substr(cut);
      const auto parts = [&](std::size_t from, std::size_t begin) {
        found = found || (from != std::string::npos && begin != std::string::npos &&
                          breaks(from, from + cut, begin, begin + second.size()));
      };
      // The part with more letters hardly stands twice; the other is the nearest to it.
      if (first.size() >= second.size())
        each(first, [&](std::size_t at) { parts(at, unmarked_after(second, at + cut)); });
      else
        each(second, [&](std::size_t at) { parts(unmarked_before(first, at, cut), at); });
    }
    return found;
  }

 private:
  enum class Stands : char { kNothing, kCaption, kText };

  template <typename See>
  void each(const std::string& passage, const See& see) const {
    for (auto at = letters_.find(passage); at != std::string::npos; at = letters_.find(passage, at + passage.size()))
      see(at);
  }
  // Whether nothing that was marked stands on some letters: a part of a broken passage belongs to no other.
  bool unmarked(std::size_t at, std::size_t size) const {
    const auto first = stands_.begin() + static_cast<std::ptrdiff_t>(at);
    return std::all_of(first, first + static_cast<std::ptrdiff_t>(size),
                       [](Stands stands) { return stands == Stands::kNothing; });
  }
  // The nearest such place of a part from one on, and the nearest that ends `size` letters or more before one.
  std::size_t unmarked_after(const std::string& part, std::size_t from) const {
    auto at = letters_.find(part, from);
    while (at != std::string::npos && at - from <= kWidestGap && !unmarked(at, part.size()))
      at = letters_.find(part, at + 1);
    return at;
  }
  std::size_t unmarked_before(const std::string& part, std::size_t end, std::size_t size) const {
    auto at = end < size ? std::string::npos : letters_.rfind(part, end - size);
    while (at != std::string::npos && end - at <= kWidestGap + size && !unmarked(at, part.size()))
      at = at == 0 ? std::string::npos : letters_.rfind(part, at - 1);
    return at;
  }
  // The most letters of which a part, as `part` cuts it, stands there.
  template <typename Part>
  std::size_t longest(std::size_t whole, const Part& part) const {
    std::size_t held = 0, open = whole + 1;
    while (held + 1 < open) {
      const std::size_t middle = (held + open) / 2;
      (letters_.find(part(middle)) == std::string::npos ? open : held) = middle;
    }
    return held;
  }
  // Of a part [from, end) and one [begin, to): nothing in them or between them is known as running text, and between
  // them a page ends or a caption stands.
  bool breaks(std::size_t from, std::size_t end, std::size_t begin, std::size_t to) const {
    if (begin - end > kWidestGap) return false;
    const auto at = [&](std::size_t i) { return stands_.begin() + static_cast<std::ptrdiff_t>(i); };
    // What a page breaks ends with a line and goes on with another.
    return lines_.count(end) > 0 && lines_.count(begin) > 0 && unmarked(from, end - from) &&
           unmarked(begin, to - begin) && std::find(at(from), at(to), Stands::kText) == at(to) &&
           (std::find(at(end), at(begin), Stands::kCaption) != at(begin) ||
            std::any_of(ends_.begin(), ends_.end(), [&](std::size_t page) { return end <= page && page <= begin; }));
  }

  std::string letters_;
  std::set<std::size_t> lines_;    // where lines begin and end, in letters
  std::vector<std::size_t> ends_;  // of pages, in letters
  std::vector<Stands> stands_;
  std::vector<std::size_t> longest_over_;  // the letters of the longest marked passage over a letter
};

}  // namespace

std::vector<std::string> passages_missing(std::string_view pages, const json::object& resolved) {
  const std::vector<Passage> passages = Passages::of(resolved);
  Pages printed{pages};
  printed.mark_footnote();
  std::map<std::string, int> wanted;
  for (const auto& passage : passages) {
    ++wanted[passage.letters];
    printed.mark(passage);
  }
  std::vector<std::string> missing;
  for (const auto& passage : passages) {
    const auto left = wanted.find(passage.letters);
    if (left == wanted.end()) continue;
    // A passage of few words may stand inside others, too ("equivalent if"): there it stands for nothing of its own.
    // What lacks is counted both ways, apart from the others and over all, since a page may break either.
    const int exact = left->second, all = printed.count(passage.letters);
    int lacking = exact - all;
    if (lacking <= 0 && exact > printed.count_apart(passage.letters)) {
      int within = 0;
      for (const auto& other : passages) within += occurrences(other.letters, passage.letters);
      lacking = std::min(exact - printed.count_apart(passage.letters), within - all);
    }
    wanted.erase(left);
    if (lacking > 1 || (lacking == 1 && !printed.broken(passage.letters))) missing.push_back(passage.text);
  }
  return missing;
}

}  // namespace aisci
