#include "question_words.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "question_text.hpp"

namespace aisci::offline {
namespace {

struct Entry {
  std::string_view canonical;
  std::vector<std::string_view> phrases;
};

// Phrases are written as people write them and folded once.
const std::vector<Entry>& entries() {
  static const std::vector<Entry> kEntries = {
      {"activation function", {"激活函数", "激活", "aktivierungsfunktion", "fonction d'activation", "fonctions d'activation", "función de activación",
                               "funciones de activación", "activation choice", "nonlinearity", "nonlinearities", "non-linearity", "非线性函数"}},
      {"vision transformer", {"视觉transformer", "视觉 transformer", "视觉变换器", "vision-transformer", "transformer visuel", "transformers visuels",
                              "transformers de visión", "transformer de visión", "transformadores de visión", "transformateurs de vision",
                              "image transformer", "transformers for images", "transformers that classify images", "transformers on images",
                              "attention-based image classifier", "bildtransformer", "visual transformer"}},
      {"small dataset", {"小数据集", "小规模数据集", "小型数据集", "数据量小", "数据较少", "数据很少", "数据有限", "数据稀缺", "少量数据", "小数据",
                         "kleinen datensätzen", "kleine datensätze", "kleinen datenmengen", "wenigen daten", "wenig daten", "wenig trainingsdaten",
                         "petits jeux de données", "petit jeu de données", "peu de données", "petits ensembles de données",
                         "conjuntos de datos pequeños", "pequeños conjuntos de datos", "pocos datos", "small data set", "small training set",
                         "little data", "limited data", "scarce data", "data is scarce", "data are scarce", "data is limited", "data are limited",
                         "few images", "few examples", "few training images", "few training examples", "little training data", "limited training data",
                         "low-data", "data-poor", "data scarcity", "training data is scarce", "training data are scarce", "small-data",
                         "small sample", "when data is short", "training images are few", "training data are few", "data are few", "not much data"}},
      {"large dataset", {"大数据集", "大规模数据", "大型数据集", "large data set", "large-scale", "large training set", "big data", "massive data", "huge dataset",
                         "großen datensätzen", "grands jeux de données", "grandes conjuntos de datos", "large amounts of data"}},
      {"generalization", {"泛化性能", "泛化能力", "泛化", "generalisierung", "verallgemeinerung", "généralisation", "generalización", "generalisation",
                          "generalise", "generaliza", "généralise", "generalisier", "verallgemeiner"}},
      {"accuracy", {"准确率", "精度", "genauigkeit", "précision", "exactitude", "precisión", "exactitud"}},
      {"image", {"图像", "图片", "bilder", "bildern", "imágenes"}},
      {"classification", {"分类", "klassifikation", "klassifizierung", "clasificación"}},
      {"weight decay", {"权重衰减", "gewichtsabnahme", "décroissance des poids", "decaimiento de pesos", "l2 regularization", "l2 penalty"}},
      {"learning rate", {"学习率", "lernrate", "taux d'apprentissage", "tasa de aprendizaje", "step size"}},
      {"label smoothing", {"标签平滑", "lissage des étiquettes", "suavizado de etiquetas"}},
      {"normalization", {"归一化", "规范化", "normalisierung", "normalización", "normalisation"}},
      {"dropout", {"随机失活", "drop-out"}},
      {"depth", {"深度", "层数", "tiefe", "profondeur", "profundidad", "number of layers", "number of blocks"}},
      {"width", {"宽度", "breite", "largeur", "anchura", "embedding dimension", "hidden size", "hidden dimension"}},
      {"training set size", {"训练集大小", "训练样本数", "数据量", "trainingsmenge", "taille du jeu d'entraînement", "tamaño del conjunto de entrenamiento",
                             "amount of training data", "amount of data", "more training data", "more training images", "more images", "more examples", "number of training images", "number of training examples"}},
      {"better than", {"优于", "好于", "胜过", "强于", "besser als", "meilleur que", "meilleure que", "mieux que", "mejor que", "mejores que", "übertrifft",
                       "surpasse", "supera a", "supera"}},
      {"worse than", {"不如", "差于", "劣于", "逊于", "schlechter als", "pire que", "moins bien que", "moins bon que", "peor que", "peores que"}},
      {"affect", {"影响", "beeinflusst", "wirkt sich", "affecte", "influence-t-elle", "influe", "afecta"}},
      {"not", {"不会", "并不", "没有", "不", "nicht", "kein", "keine", "pas", "doesn't", "don't", "isn't", "aren't", "does not",
               "won't", "can't", "cannot", "didn't", "hardly", "fails to", "fail to"}},
      {"nonlinear", {"non-linear"}},
      {"rectifier", {"rectifying neuron", "rectifying unit"}},
      {"and", {"和", "与", "以及", "und", "et", "y"}},
      {"or", {"或", "还是", "oder", "ou"}},
      {"how", {"如何", "怎样", "comment", "wie", "cómo"}}};
  return kEntries;
}

const std::vector<KnownName>& names() {
  static const std::vector<KnownName> kNames = [] {
    struct Group { std::string_view kind; std::vector<std::string_view> shown; };
    const std::vector<Group> groups = {
        {"activation function", {"Mish", "maxout", "Snake", "SELU", "CELU", "ELU", "PReLU", "RReLU", "ReLU6", "CReLU", "Leaky ReLU", "LeakyReLU", "softplus", "softsign",
                                 "hard swish", "hardswish", "hard tanh", "hardtanh", "SwiGLU", "GEGLU", "ReGLU", "GLU", "Squareplus", "SIREN", "sine activation", "KAN",
                                 "Swish", "SiLU", "ReLU", "GELU", "tanh", "sigmoid", "squared ReLU", "Gaussian activation", "identity activation", "linear activation",
                                 "ACON", "PAU", "Padé", "xIELU", "StarReLU"}},
        {"optimiser", {"SGD", "AdamW", "Adam", "RMSProp", "Adagrad", "Adadelta", "Adafactor", "LAMB", "LARS", "Lion", "Shampoo", "Sophia", "Muon", "NAdam", "RAdam", "L-BFGS", "LBFGS",
                       "sharpness-aware minimization", "Nesterov"}},
        {"normalisation", {"layer norm", "LayerNorm", "batch norm", "BatchNorm", "group norm", "GroupNorm", "instance norm", "RMSNorm", "weight norm", "spectral norm"}},
        {"model", {"ResNet", "residual network", "VGG", "AlexNet", "DenseNet", "EfficientNet", "MobileNet", "ConvNeXt", "Swin", "DeiT", "MLP-Mixer", "LSTM", "GRU", "recurrent network",
                   "BERT", "GPT-2", "GPT", "Llama", "Mamba", "state space model", "random forest", "gradient boosting", "XGBoost", "LightGBM", "support vector machine", "SVM",
                   "logistic regression", "nearest neighbour", "capsule network", "Perceiver", "U-Net", "CNN", "convolutional network", "convolutional neural network", "convnet",
                   "multilayer perceptron", "MLP", "Vision Transformer", "ViT"}},
        {"data set", {"ImageNet", "CIFAR-100", "CIFAR-10", "CIFAR", "Fashion-MNIST", "EMNIST", "MNIST", "SVHN", "STL-10", "COCO", "Pascal VOC", "CelebA", "Tiny ImageNet", "Caltech-101",
                      "WikiText", "OpenWebText", "Penn Treebank", "Wikipedia", "GLUE", "SQuAD", "LibriSpeech", "Iris data", "Adult data", "Titanic", "Cora", "Open Images"}},
        {"subject", {"protein", "gene expression", "genome", "molecule", "drug discovery", "chemistry", "reinforcement learning", "robot", "machine translation", "speech recognition",
                     "speech", "audio", "music", "graph neural network", "language model", "large language", "natural language", "text classification", "time series", "finance", "stock price",
                     "generative adversarial", "GAN", "diffusion model", "image generation", "segmentation", "object detection", "medical imaging", "radiolog", "climate", "weather",
                     "recommender", "federated learning", "self-driving", "autonomous driving", "point cloud", "video", "tabular", "contrastive learning", "self-supervised",
                     "meta-learning", "continual learning", "蛋白质", "强化学习", "机器翻译", "语言模型", "语音"}},
        {"technique", {"data augmentation", "augmentation", "mixup", "CutMix", "Cutout", "pretraining", "pre-training", "pretrained", "fine-tuning", "transfer learning", "distillation",
                       "early stopping", "warm-up", "warmup", "learning rate schedule", "cosine schedule", "cosine annealing", "patch size", "positional encoding", "position embedding",
                       "attention heads", "number of heads", "batch size", "momentum", "residual connection", "skip connection", "weight initialization", "initialisation", "initialization",
                       "gradient clipping", "stochastic depth", "pruning", "quantization", "mixed precision", "curriculum", "ensembl", "数据增强", "预训练"}},
        {"measure", {"training speed", "convergence speed", "converge faster", "speed of convergence", "training time", "inference time", "latency", "throughput", "memory use", "memory footprint",
                     "energy", "calibration", "adversarial robustness", "robustness", "fairness", "privacy", "interpretability", "explainability", "perplexity", "BLEU", "sparsity",
                     "out-of-distribution", "F1 score", "AUROC", "收敛速度", "训练速度", "鲁棒性"}}};
    std::vector<KnownName> out;
    for (const auto& group : groups)
      for (const auto shown : group.shown) out.push_back({fold(shown), group.kind, shown});
    return out;
  }();
  return kNames;
}

}  // namespace

const std::vector<Synonym>& glossary() {
  static const std::vector<Synonym> kGlossary = [] {
    std::vector<Synonym> out;
    for (const auto& entry : entries())
      for (const auto phrase : entry.phrases) {
        std::string folded_phrase = fold(phrase);
        folded_phrase.erase(0, folded_phrase.find_first_not_of(' '));
        out.push_back({std::move(folded_phrase), entry.canonical});
      }
    std::stable_sort(out.begin(), out.end(), [](const Synonym& a, const Synonym& b) { return a.phrase.size() > b.phrase.size(); });
    return out;
  }();
  return kGlossary;
}

const std::vector<KnownName>& known_names() { return names(); }

bool is_plain_word(std::string_view token) {
  static const std::set<std::string_view> kWords = {
      "a", "an", "the", "of", "on", "in", "for", "to", "with", "without", "at", "by", "from", "as", "its", "their", "this", "that", "these", "those", "it", "they", "we",
      "what", "which", "how", "why", "when", "where", "whether", "does", "do", "did", "is", "are", "be", "can", "could", "will", "would", "should", "not", "no", "none",
      "any", "some", "all", "each", "every", "other", "others", "another", "both", "either", "neither", "more", "less", "most", "least", "much", "many", "few", "same",
      "different", "various", "better", "worse", "best", "worst", "good", "bad", "higher", "lower", "high", "low", "large", "small", "larger", "smaller", "stronger",
      "smooth", "smoother", "nonlinear", "modern", "classic", "classical", "standard", "common", "usual", "default", "simple", "traditional", "alternative", "alternatives",
      "chosen", "choice", "choosing", "change", "changing", "using", "use", "used", "type", "kind", "effect", "affect", "influence", "impact", "role", "matter", "help",
      "helps", "hurt", "hurts", "improve", "improves", "performance", "accuracy", "generalization", "image", "images", "data", "dataset", "training", "test", "train",
      "trained", "network", "networks", "neural", "deep", "model", "models", "layer", "layers", "function", "functions", "activation", "and", "or", "than", "versus", "vs",
      "before", "after", "then", "there", "here", "case", "true", "very", "really", "also", "only", "just", "if", "so", "such", "hidden", "output", "input", "saturating",
      "bounded", "unbounded", "piecewise", "regularization", "rate", "size", "set", "sets", "number", "two", "three", "one", "zero", "baseline", "control", "nothing",
      "setting", "settings", "small-scale", "shallow", "wide", "narrow", "self", "gated", "learned", "fixed", "everything", "anything", "something", "chance", "random",
      "expected", "usually", "often", "always", "never", "still", "even", "compared", "comparison", "difference", "choices", "gap", "has", "have", "had", "out"};
  return kWords.count(token) > 0;
}

}  // namespace aisci::offline
