#include "kit/formula.hpp"

#include <algorithm>
#include <cstddef>

namespace aisci::kit {
namespace {

using Kind = FormulaNode::Kind;

constexpr std::string_view kFunctions[] = {"max", "min", "exp", "log", "cos", "sin", "Pr", "arg"};
constexpr std::string_view kNames[] = {
    "alpha",  "beta", "zeta", "kappa", "xi",  "Gamma", "Omega", "gamma", "delta", "epsilon", "eta",   "theta",
    "lambda", "mu",   "nu",   "pi",    "rho", "sigma", "tau",   "phi",   "chi",   "psi",     "omega", "Delta",
    "Sigma",  "max",  "min",  "exp",   "log", "cos",   "sin",   "sum",   "prod",  "Pr",      "arg"};
constexpr std::string_view kAccents[] = {"bar", "hat", "sqrt"};
constexpr std::string_view kSigns[] = {"<=", ">=", "!=", "->", "+-", "~~", "+", "-", "*", "=",
                                       "<",  ">",  ",",  ";",  ":",  "|",  ".", "!", "'"};
constexpr int kDeepest = 32;

template <std::size_t N>
bool among(const std::string_view (&list)[N], std::string_view text) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

FormulaNode leaf(Kind kind, std::string_view text) { return {kind, std::string{text}, {}}; }

// A group in an argument's place stands for its inside.
FormulaNode bare(FormulaNode node) {
  return node.kind == Kind::kGroup && node.text == "(" ? std::move(node.children.front()) : node;
}

bool sign(const FormulaNode& node) { return node.kind == Kind::kSymbol && !letter(node.text[0]); }

// Tokens first: a value is one whatever it prints.
std::vector<FormulaNode> tokens_of(const std::vector<FormulaPiece>& pieces, std::string& problem) {
  std::vector<FormulaNode> out;
  for (const auto& piece : pieces) {
    if (piece.value) {
      out.push_back(leaf(Kind::kValue, piece.text));
      continue;
    }
    const std::string_view text = piece.text;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t length = 1;
      if (text[at] == ' ' || text[at] == '\n') {
        ++at;
        continue;
      }
      if (text[at] == '"') {
        const auto end = text.find('"', at + 1);
        if (end == std::string_view::npos) return problem = "a quotation is not closed", out;
        if (end == at + 1) return problem = "a quotation holds nothing", out;
        out.push_back(leaf(Kind::kWord, text.substr(at + 1, end - at - 1)));
        length = end + 1 - at;
      } else if (letter(text[at])) {
        while (at + length < text.size() && letter(text[at + length])) ++length;
        const auto word = text.substr(at, length);
        if (length > 1 && !among(kNames, word) && !among(kAccents, word))
          return problem = "\"" + std::string{word} + "\" is no symbol; put words in quotes", out;
        out.push_back(leaf(length == 1 ? Kind::kSymbol : Kind::kName, word));
      } else {
        const auto sign = std::find_if(std::begin(kSigns), std::end(kSigns),
                                       [&](std::string_view one) { return text.compare(at, one.size(), one) == 0; });
        if (sign != std::end(kSigns))
          length = sign->size();
        else if (std::string_view{"()[]_^/"}.find(text[at]) == std::string_view::npos)
          return problem = std::string{"it cannot hold \""} + text[at] + "\"", out;
        out.push_back(leaf(Kind::kSymbol, text.substr(at, length)));
      }
      at += length;
    }
  }
  return out;
}

class Parser {
 public:
  Parser(std::vector<FormulaNode> tokens, std::string& problem) : tokens_{std::move(tokens)}, problem_{problem} {}

  FormulaNode run() {
    FormulaNode root = row({}, 0);
    if (at_ < tokens_.size()) tell("\"" + tokens_[at_].text + "\" closes nothing");
    return root;
  }

 private:
  bool next_is(std::string_view sign) const {
    return at_ < tokens_.size() && tokens_[at_].kind == Kind::kSymbol && tokens_[at_].text == sign;
  }
  void tell(std::string what) {
    if (problem_.empty()) problem_ = std::move(what);
    at_ = tokens_.size();
  }

  FormulaNode row(std::string_view close, int depth) {
    FormulaNode out;
    while (at_ < tokens_.size() && !next_is(")") && !next_is("]")) {
      FormulaNode item = script(depth);
      if (next_is("/")) {
        ++at_;
        // "f(x)/y" and "x/f(y)": whether the letter is divided, too, cannot be told.
        const FormulaNode& base = item.kind == Kind::kScript ? item.children.front() : item;
        const FormulaNode* before = out.children.empty() ? nullptr : &out.children.back();
        const bool torn = before && ((base.kind == Kind::kGroup && !sign(*before) && before->kind != Kind::kValue) ||
                                     (before->kind == Kind::kName && among(kFunctions, before->text)));
        FormulaNode below = script(depth);
        if (sign(item) || sign(below)) tell("a sign stands beside a stroke; put brackets around what is divided");
        if (torn || (below.kind != Kind::kGroup && (next_is("(") || next_is("["))))
          tell("a letter or function stands beside a bracket and a stroke; put brackets around what is divided");
        item = {Kind::kFraction, {}, {bare(std::move(item)), bare(std::move(below))}};
      }
      out.children.push_back(std::move(item));
    }
    if (close.empty()) return out;
    if (!next_is(close))
      tell("\"" + std::string{close} + "\" is missing");
    else
      ++at_;
    return out;
  }

  FormulaNode script(int depth) {
    FormulaNode base = atom(depth), below, above;
    while (!sign(base) && next_is("'")) base = {Kind::kRow, {}, {std::move(base), std::move(tokens_[at_++])}};
    for (bool subscript; (subscript = next_is("_")) || next_is("^");) {
      if (!(subscript ? below : above).children.empty())
        return tell(std::string{"it has two "} + (subscript ? "subscripts" : "superscripts") + " in one place"), base;
      ++at_;
      FormulaNode argument = bare(atom(depth));
      if (sign(argument) &&
          (argument.text.size() > 1 || std::string_view{"+-*"}.find(argument.text) == std::string_view::npos ||
           (at_ < tokens_.size() && !sign(tokens_[at_]))))
        tell("put brackets around what a subscript or superscript holds");
      (subscript ? below : above) = FormulaNode{Kind::kRow, {}, {std::move(argument)}};
    }
    if (below.children.empty() && above.children.empty()) return base;
    return {Kind::kScript, {}, {std::move(base), std::move(below), std::move(above)}};
  }

  FormulaNode atom(int depth) {
    if (depth >= kDeepest) return tell("it is nested too deeply"), FormulaNode{};
    if (at_ >= tokens_.size()) return tell("it ends where something should follow"), FormulaNode{};
    for (const char* sign : {"_", "^", "/", ")", "]"})
      if (next_is(sign)) return tell(std::string{"\""} + sign + "\" follows nothing"), FormulaNode{};
    for (const auto& [open, close] : {std::pair{"(", ")"}, std::pair{"[", "]"}})
      if (next_is(open)) {
        ++at_;
        FormulaNode inside = row(close, depth + 1);
        if (inside.children.empty()) tell("its brackets hold nothing");
        return {Kind::kGroup, open, {std::move(inside)}};
      }
    FormulaNode token = std::move(tokens_[at_++]);
    if (token.kind == Kind::kName && among(kAccents, token.text))
      return {Kind::kAccent, token.text, {bare(atom(depth + 1))}};
    if (token.kind == Kind::kName && among(kFunctions, token.text) && next_is("("))
      return {Kind::kRow, {}, {std::move(token), atom(depth + 1)}};
    return token;
  }

  std::vector<FormulaNode> tokens_;
  std::string& problem_;
  std::size_t at_ = 0;
};

}  // namespace

Formula read_formula(const std::vector<FormulaPiece>& pieces) {
  Formula formula;
  auto tokens = tokens_of(pieces, formula.problem);
  if (formula.problem.empty() && tokens.empty()) formula.problem = "it is empty";
  if (formula.problem.empty()) formula.root = Parser{std::move(tokens), formula.problem}.run();
  return formula;
}

}  // namespace aisci::kit
