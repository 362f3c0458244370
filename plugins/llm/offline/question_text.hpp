// A question as plain words: folded to lower-case ASCII letters where there are any, with phrases of other languages
// and everyday wordings replaced by one canonical English phrase, and each byte's place in the original kept.
//
//   const Wording wording = read_wording("在小数据集上,激活函数如何影响视觉Transformer的泛化?");
//   wording.text   // "在 small dataset 上, activation function how affect vision transformer 的 generalization ?"
//   wording.quote(at, end)   // the reader's own words for a stretch of text
//
// Thread safety: pure functions.
// Since 0.1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aisci::offline {

struct Wording {
  std::string original;
  std::string text;
  std::string language;             // "en", "de", "fr", "es" or "zh"; "en" when nothing tells
  std::vector<std::size_t> begins;  // of each byte of text: where it stands in original
  std::vector<std::size_t> ends;

  std::string quote(std::size_t begin, std::size_t end) const;
};

// Lower case, accents off, full-width forms and hyphens between words undone, white space single.
std::string fold(std::string_view text);

Wording read_wording(std::string_view question);

// Where `word` (folded) begins in `text` at a word's start, from `from` on; npos when nowhere. Short words must match
// whole, but for a plural s; longer ones are stems. Words of other scripts match anywhere.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0);
bool has_word(std::string_view text, std::string_view word);
// The end of the word that a match of `word` at `at` lies in: stems run on.
std::size_t word_end(std::string_view text, std::size_t at, std::size_t length);

struct Token {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};
// Letters and digits with the dots of decimals; every other byte separates, bytes of other scripts are left out.
std::vector<Token> tokens_of(std::string_view text);

// "no", "one", "two" ... "twenty", then "many": for counts that the text itself makes.
std::string in_words(std::size_t number);

}  // namespace aisci::offline
