// Status and Result: how aisci reports failure.
//
// Every function that can fail returns a Status, or a Result<T> that holds either a value or
// the Status that says why there is none. Nothing in the library throws on purpose, prints,
// or ends the process; a caller who prefers exceptions asks for one with value().
//
//   aisci::Result<Study> study = scientist.start(question, folder);
//   if (!study.ok()) {
//     std::cerr << study.status().to_string() << '\n';   // "NOT_FOUND: no template fits ..."
//     return 1;
//   }
//   study->wait();
//
// The codes are the seventeen canonical ones of gRPC and Abseil, with the same numbers; they
// cross the plugin ABI as they are (abi/types.h).
//
// Thread safety: values; share a const one freely.
// Since 0.1.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <aisci/export.hpp>

namespace aisci {

enum class StatusCode : int {
  kOk = 0,
  kCancelled = 1,           // the caller asked for it to stop
  kUnknown = 2,             // a foreign error that fits nowhere else
  kInvalidArgument = 3,     // the input is wrong, whatever the state of the system
  kDeadlineExceeded = 4,    // the time limit passed
  kNotFound = 5,            // what was named does not exist
  kAlreadyExists = 6,       // what was to be made is there already
  kPermissionDenied = 7,    // the operating system or a policy said no
  kResourceExhausted = 8,   // a budget, a quota, memory or disk is used up
  kFailedPrecondition = 9,  // the system is not in a state that allows it; the message says what to do
  kAborted = 10,            // a conflict: trying again may succeed
  kOutOfRange = 11,         // past a valid end
  kUnimplemented = 12,      // this build or component does not offer it
  kInternal = 13,           // an invariant broke: a defect
  kUnavailable = 14,        // not now: trying again later may succeed
  kDataLoss = 15,           // something stored is damaged or missing
  kUnauthenticated = 16,    // no valid credential
};

// "NOT_FOUND" and so on, as gRPC spells them. Never null; "UNKNOWN" for a foreign number.
AISCI_API const char* to_string(StatusCode code) noexcept;

// The outcome of an operation without a value. Default-constructed: success.
class [[nodiscard]] AISCI_API Status {
 public:
  Status() noexcept = default;
  Status(StatusCode code, std::string message) : code_{code}, message_{std::move(message)} {}

  bool ok() const noexcept { return code_ == StatusCode::kOk; }
  StatusCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }

  // "NOT_FOUND: no such study", or "OK".
  std::string to_string() const;

  // The same failure with a sentence of context before it: "reading study.db: disk I/O error".
  Status with_context(std::string_view context) const;

  friend bool operator==(const Status&, const Status&) = default;

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

// Short constructors, one for each code that the library reports itself.
AISCI_API Status cancelled(std::string message);
AISCI_API Status invalid_argument(std::string message);
AISCI_API Status deadline_exceeded(std::string message);
AISCI_API Status not_found(std::string message);
AISCI_API Status already_exists(std::string message);
AISCI_API Status permission_denied(std::string message);
AISCI_API Status resource_exhausted(std::string message);
AISCI_API Status failed_precondition(std::string message);
AISCI_API Status unimplemented(std::string message);
AISCI_API Status internal_error(std::string message);
AISCI_API Status unavailable(std::string message);
AISCI_API Status data_loss(std::string message);

// What value() throws when there is no value.
class AISCI_API StatusError : public std::exception {
 public:
  explicit StatusError(Status status) : status_{std::move(status)}, text_{status_.to_string()} {}
  const Status& status() const noexcept { return status_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  Status status_;
  std::string text_;
};

// A value, or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_{std::move(value)} {}         // NOLINT: implicit on purpose, `return value;`
  Result(Status status) : status_{std::move(status)} {  // NOLINT: implicit on purpose, `return not_found(...);`
    if (status_.ok()) status_ = Status{StatusCode::kInternal, "a Result was made from an OK status without a value"};
  }

  bool ok() const noexcept { return value_.has_value(); }
  explicit operator bool() const noexcept { return ok(); }
  const Status& status() const noexcept { return status_; }

  // The value. Undefined when !ok(): ask first, or use value().
  T& operator*() & noexcept { return *value_; }
  const T& operator*() const& noexcept { return *value_; }
  T&& operator*() && noexcept { return std::move(*value_); }
  T* operator->() noexcept { return &*value_; }
  const T* operator->() const noexcept { return &*value_; }

  // The value, or a StatusError thrown.
  T& value() & {
    require();
    return *value_;
  }
  const T& value() const& {
    require();
    return *value_;
  }
  T value() && {
    require();
    return std::move(*value_);
  }  // by value: safe in a range-for

  T value_or(T other) const& { return value_ ? *value_ : std::move(other); }

 private:
  void require() const {
    if (!value_) throw StatusError{status_};
  }

  std::optional<T> value_;
  Status status_;
};

}  // namespace aisci

// Returns from the enclosing function when `expression` (a Status) is a failure.
#define AISCI_RETURN_IF_ERROR(expression)                                                        \
  do {                                                                                           \
    if (::aisci::Status aisci_status_ = (expression); !aisci_status_.ok()) return aisci_status_; \
  } while (false)

#define AISCI_DETAIL_CONCAT_(a, b) a##b
#define AISCI_DETAIL_CONCAT(a, b) AISCI_DETAIL_CONCAT_(a, b)

// `AISCI_ASSIGN_OR_RETURN(auto text, read_file(path));` declares text, or returns the failure.
#define AISCI_ASSIGN_OR_RETURN(declaration, expression) \
  AISCI_DETAIL_ASSIGN_OR_RETURN(AISCI_DETAIL_CONCAT(aisci_result_, __LINE__), declaration, expression)
#define AISCI_DETAIL_ASSIGN_OR_RETURN(result, declaration, expression) \
  auto result = (expression);                                          \
  if (!result.ok()) return result.status();                            \
  declaration = std::move(*result)
