// What a component meets in every call: Call, Sink, Source, Host, and the Error it throws.
//
//   std::string act(std::string_view task, std::string_view input, aisci::plugin::Call& call) override {
//     if (task != "review.review") throw Error{Code::kUnimplemented, "no such task"};
//     call.progress(0.1, "asking the model");
//     std::string answer = call.model_task(task, input, messages, schema);   // throws Error when it fails
//     if (call.is_cancelled()) throw Error{Code::kCancelled, "stopped"};
//     return answer;
//   }
//
// Any exception may leave a component's function; the SDK turns it into a code before it reaches the
// host: Error into its own, std::bad_alloc into RESOURCE_EXHAUSTED, std::exception into INTERNAL, all
// else into UNKNOWN.
//
// Objects of this header are views: valid during the call (Host: as long as the instance).
// Threads: Call and Host from any; Sink and Source from the thread of the call.
// Since 0.1.
#pragma once

#include <aisci/abi/host.h>

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#if defined(__GNUC__)
#define AISCI_SDK_LOCAL __attribute__((visibility("hidden")))
#else
#define AISCI_SDK_LOCAL
#endif

namespace aisci::plugin {

// The canonical codes of abi/types.h.
enum class Code : std::int32_t {
  kOk = AISCI_OK,
  kCancelled = AISCI_CANCELLED,
  kUnknown = AISCI_UNKNOWN,
  kInvalidArgument = AISCI_INVALID_ARGUMENT,
  kDeadlineExceeded = AISCI_DEADLINE_EXCEEDED,
  kNotFound = AISCI_NOT_FOUND,
  kAlreadyExists = AISCI_ALREADY_EXISTS,
  kPermissionDenied = AISCI_PERMISSION_DENIED,
  kResourceExhausted = AISCI_RESOURCE_EXHAUSTED,
  kFailedPrecondition = AISCI_FAILED_PRECONDITION,
  kAborted = AISCI_ABORTED,
  kOutOfRange = AISCI_OUT_OF_RANGE,
  kUnimplemented = AISCI_UNIMPLEMENTED,
  kInternal = AISCI_INTERNAL,
  kUnavailable = AISCI_UNAVAILABLE,
  kDataLoss = AISCI_DATA_LOSS,
  kUnauthenticated = AISCI_UNAUTHENTICATED,
};

// Why a call fails. `detail` is a JSON object for programs, or empty.
class Error : public std::exception {
 public:
  Error(Code code, std::string message, std::string detail = {})
      : code_{code == Code::kOk ? Code::kUnknown : code}, message_{std::move(message)}, detail_{std::move(detail)} {}
  Code code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  const std::string& detail() const noexcept { return detail_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  Code code_;
  std::string message_;
  std::string detail_;
};

enum class Level : std::int32_t {
  kDebug = AISCI_LOG_DEBUG,
  kInfo = AISCI_LOG_INFO,
  kWarning = AISCI_LOG_WARNING,
  kError = AISCI_LOG_ERROR,
};

namespace detail {

inline aisci_bytes_t bytes(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline std::string_view view(aisci_bytes_t bytes) noexcept {
  return bytes.size == 0 ? std::string_view{} : std::string_view{static_cast<const char*>(bytes.data), bytes.size};
}

}  // namespace detail

// Takes variable output. What one write means is said by the function that gets the sink.
class Sink {
 public:
  virtual ~Sink() = default;
  // Throws Error when the host takes no more; let it leave your function.
  virtual void write(std::string_view bytes) = 0;
};

// Gives variable input.
class Source {
 public:
  explicit Source(aisci_source_t* raw) noexcept : raw_{raw} {}
  // Bytes in all, or UINT64_MAX when that is not known.
  std::uint64_t size() const noexcept { return raw_->size; }
  // Up to `capacity` bytes; 0 at the end. Throws Error.
  std::size_t read(char* buffer, std::size_t capacity) {
    std::uint64_t filled = 0;
    const std::int32_t code = raw_->read(raw_, buffer, capacity, &filled);
    if (code != AISCI_OK) throw Error{static_cast<Code>(code), "the source cannot be read"};
    return static_cast<std::size_t>(filled);
  }

 private:
  aisci_source_t* raw_;
};

// What the host offers, for as long as the component lives.
class Host {
 public:
  explicit Host(const aisci_host_t* raw) noexcept : raw_{raw} {}

  void log(Level level, std::string_view message, std::string_view fields_json = {}) const noexcept {
    if (raw_ && AISCI_HAS(raw_, log))
      raw_->log(raw_, static_cast<std::int32_t>(level), detail::bytes(message), detail::bytes(fields_json));
  }
  // A component that cannot do without a model asks this in its constructor and throws FAILED_PRECONDITION.
  bool offers_model_tasks() const noexcept {
    return interface<aisci_host_model_task_t>(AISCI_HOST_MODEL_TASK) != nullptr;
  }

  // The same for another service: offers(AISCI_HOST_SECRETS).
  bool offers(const char* id) const noexcept { return interface<aisci_host_service_t>(id) != nullptr; }

  // A service by its id, as its C table; null when the host does not offer it.
  template <typename Table>
  const Table* interface(const char* id) const noexcept {
    if (!raw_ || !AISCI_HAS(raw_, get_interface)) return nullptr;
    return static_cast<const Table*>(raw_->get_interface(raw_, id));
  }
  const aisci_host_t* raw() const noexcept { return raw_; }

 private:
  const aisci_host_t* raw_;
};

namespace detail {

class HostSink final : public Sink {
 public:
  explicit HostSink(aisci_sink_t* raw) noexcept : raw_{raw} {}
  void write(std::string_view text) override {
    const std::int32_t code = raw_->write(raw_, bytes(text));
    if (code != AISCI_OK) throw Error{static_cast<Code>(code), "the host takes no more output"};
  }

 private:
  aisci_sink_t* raw_;
};

// A sink of this side, for answers of host services.
class TextSink {
 public:
  TextSink() noexcept : raw_{sizeof(aisci_sink_t), 0, this, UINT64_MAX, &TextSink::append} {}
  TextSink(const TextSink&) = delete;  // raw_.ctx points here
  TextSink& operator=(const TextSink&) = delete;
  aisci_sink_t* raw() noexcept { return &raw_; }
  std::string& text() noexcept { return text_; }

 private:
  static std::int32_t append(aisci_sink_t* sink, aisci_bytes_t written) noexcept {
    try {
      static_cast<TextSink*>(sink->ctx)->text_ += view(written);
      return AISCI_OK;
    } catch (...) {
      return AISCI_RESOURCE_EXHAUSTED;
    }
  }

  std::string text_;
  aisci_sink_t raw_;
};

}  // namespace detail

// The call that is being answered.
class Call {
 public:
  Call(const aisci_call_t* raw, Host host) noexcept : raw_{raw}, host_{host} {}

  // True when the caller wants this call to end: throw Error{Code::kCancelled, ...} within two seconds.
  bool is_cancelled() const noexcept { return AISCI_HAS(raw_, is_cancelled) && raw_->is_cancelled(raw_) != 0; }
  // Time left when the call was made, in nanoseconds; -1 when there is no limit.
  std::int64_t timeout_ns() const noexcept { return AISCI_COVERS(raw_, timeout_ns) ? raw_->timeout_ns : -1; }
  // How far the call is, 0 to 1, and a note for people.
  void progress(double done, std::string_view note = {}) noexcept {
    if (AISCI_HAS(raw_, progress)) raw_->progress(raw_, done, detail::bytes(note));
  }
  // A fact that counts even if the call fails: "usage", "http", "score" (abi/call.h).
  void report(std::string_view key, std::string_view json) noexcept {
    if (AISCI_HAS(raw_, report)) raw_->report(raw_, detail::bytes(key), detail::bytes(json));
  }
  void log(Level level, std::string_view message) noexcept { host_.log(level, message); }

  // Asks the configured model: `name` and `input_json` say what is asked, `messages_json` is the same rendered for a
  // language model, and the answer is JSON that is valid under `schema_json`. Blocks. Throws Error: with the host's
  // code and sentence, or FAILED_PRECONDITION when the host offers no model.
  std::string model_task(std::string_view name, std::string_view input_json, std::string_view messages_json,
                         std::string_view schema_json) {
    const auto* service = host_.interface<aisci_host_model_task_t>(AISCI_HOST_MODEL_TASK);
    if (!service || !AISCI_HAS(service, run))
      throw Error{Code::kFailedPrecondition, "this host offers no model for the task " + std::string{name}};
    detail::TextSink output;
    detail::TextSink failure;
    const std::int32_t code =
        service->run(host_.raw(), raw_, detail::bytes(name), detail::bytes(input_json), detail::bytes(messages_json),
                     detail::bytes(schema_json), output.raw(), failure.raw());
    if (code != AISCI_OK)
      throw Error{static_cast<Code>(code), failure.text().empty() ? "the model task " + std::string{name} + " failed"
                                                                  : std::move(failure.text())};
    return std::move(output.text());
  }

  // A service of abi/host.h that shares the common table: what name, input and answer are is said there. Throws Error:
  // with the host's code and sentence, or FAILED_PRECONDITION when the host does not offer the service.
  std::string service(const char* id, std::string_view name, std::string_view input = {}) {
    const auto* table = host_.interface<aisci_host_service_t>(id);
    if (!table || !AISCI_HAS(table, ask))
      throw Error{Code::kFailedPrecondition, "this host does not offer " + std::string{id}};
    detail::TextSink output;
    detail::TextSink failure;
    const std::int32_t code =
        table->ask(host_.raw(), raw_, detail::bytes(name), detail::bytes(input), output.raw(), failure.raw());
    if (code != AISCI_OK)
      throw Error{static_cast<Code>(code), failure.text().empty() ? std::string{id} + " failed for " + std::string{name}
                                                                  : std::move(failure.text())};
    return std::move(output.text());
  }
  // An option of the program, as text: "max_experiments".
  std::string option(std::string_view name) { return service(AISCI_HOST_CONFIGURATION, name); }
  // A secret of the user, "MY_API_KEY": never log or report it.
  std::string secret(std::string_view name) { return service(AISCI_HOST_SECRETS, name); }
  // A seed that is the same for this component and purpose whenever the study runs again.
  std::uint64_t seed(std::string_view purpose) {
    const std::string bytes = service(AISCI_HOST_RNG, purpose);
    if (bytes.size() != 8) throw Error{Code::kDataLoss, "the host gave a seed that is none"};
    std::uint64_t seed = 0;
    for (int i = 7; i >= 0; --i) seed = seed << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
    return seed;
  }
  // Keeps bytes with the study, by their content; the name they are found again by.
  std::string keep(std::string_view content) { return service(AISCI_HOST_ARTEFACTS, "put", content); }
  std::string kept(std::string_view name) { return service(AISCI_HOST_ARTEFACTS, "get", name); }
  // What is left of "experiments", "usd" or "tokens", as a decimal number. Throws NOT_FOUND when there is no such
  // limit.
  std::string budget_left(std::string_view name) { return service(AISCI_HOST_BUDGET, name); }
  // Tells the program a value; `value` is a decimal number.
  void metric(std::string_view name, std::string_view value) { (void)service(AISCI_HOST_METRICS, name, value); }
  // Returns when it is the caller's turn: all who give the name `key` share so many calls a second ("0.5").
  void wait_turn(std::string_view key, std::string_view per_second) {
    (void)service(AISCI_HOST_RATE_LIMITS, key, per_second);
  }
  // Has another component answer: path "retriever/local/search" or "agent/NAME/TASK", a JSON document in, one out.
  std::string component(std::string_view path, std::string_view input_json) {
    return service(AISCI_HOST_COMPONENTS, path, input_json);
  }

  const Host& host() const noexcept { return host_; }
  // For calls into other C interfaces.
  const aisci_call_t* raw() const noexcept { return raw_; }

 private:
  const aisci_call_t* raw_;
  Host host_;
};

}  // namespace aisci::plugin
