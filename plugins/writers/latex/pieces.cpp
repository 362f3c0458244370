#include "pieces.hpp"

#include "kit/document.hpp"
#include "latex_text.hpp"
#include "math.hpp"
#include "value.hpp"

namespace aisci::latex {

using namespace kit;

std::string pieces(const json::array& list, bool narrow) {
  std::string out;
  for (const auto& entry : list) {
    const auto& piece = entry.as_object();
    if (piece.contains("text"))
      out += escape(text_of(piece, "text"), narrow);
    else if (piece.contains("value")) {
      const std::string text = text_of(piece, "value");
      // A word that the data chose wraps like any other; a number does not.
      out += has_digit(text) ? value(text, narrow) : escape(text, narrow);
    } else if (piece.contains("math")) {
      out += inline_formula(text_of(piece, "math"));
    } else if (piece.contains("cite")) {
      std::string keys;
      for (const auto& one : texts_of(piece, "cite")) keys += (keys.empty() ? "" : ",") + key(one);
      // A name that begins with a particle has a capital where it begins a sentence: "Van Laarhoven (2017) states".
      const bool first = out.empty() || (out.size() > 1 && out.compare(out.size() - 2, 2, ". ") == 0);
      out += (text_of(piece, "form") != "text" ? "\\citep{" : first ? "\\Citet{" : "\\citet{") + keys + "}";
    } else if (piece.contains("ref")) {
      const std::string kind = text_of(piece, "kind");
      out += (kind == "figure" ? "Figure~\\ref{fig:" : "Table~\\ref{tab:") + key(text_of(piece, "ref")) + "}";
    }
  }
  return out;
}

std::string plain(const json::array& list) {
  std::string out;
  for (const auto& entry : list) {
    const auto& piece = entry.as_object();
    out += text_of(piece, "text") + text_of(piece, "value") + text_of(piece, "math");
    if (piece.contains("ref")) out += "Figure 00";
    if (piece.contains("cite")) out += "(Somebody et al., 0000)";
  }
  return out;
}

}  // namespace aisci::latex
