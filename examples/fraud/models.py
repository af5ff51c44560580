"""The demo's four models, and their conversion to ONNX: input `features` float32 [N,F], output `score` float32 [N,1].

One thread trains: the same sums in the same order on every machine, and no threads that spin beside busy services.
"""
from dataclasses import dataclass
from typing import Callable

import numpy as np
import onnx
from onnx import TensorProto, helper
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as XgboostFloats
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits
from xgboost import XGBClassifier

from features import FEATURES


@dataclass(frozen=True)
class Variant:
    make: Callable[[int], object]
    convert: Callable[[object], onnx.ModelProto]
    says: str
    parameters: dict[str, object]
    stale: bool = False  # trained on what last night's batch knew
    takes_nulls: bool = True


def train(variant: Variant, x: np.ndarray, y: np.ndarray, seed: int):
    """`x` as float32 array: XGBoost would put a DataFrame's column names into the ONNX graph, which then fails."""
    with threadpool_limits(limits=1):
        return variant.make(seed).fit(x, y)


def scores(model, x: np.ndarray) -> np.ndarray:
    return model.predict_proba(x)[:, 1]


def to_onnx(variant: Variant, model) -> bytes:
    return one_score(variant.convert(model)).SerializeToString(deterministic=True)


def one_score(model: onnx.ModelProto, positive: int = 1) -> onnx.ModelProto:
    """Rewrites a converted classifier to one output, the probability of `positive`; refuses what it cannot mean."""
    graph = model.graph
    if len(graph.input) != 1 or graph.input[0].type.tensor_type.elem_type != TensorProto.FLOAT:
        raise ValueError("want one float32 input [N,F], have " + ", ".join(i.name for i in graph.input))
    probabilities = [o for o in graph.output if o.type.tensor_type.elem_type == TensorProto.FLOAT]
    if len(probabilities) != 1:
        raise ValueError("want one float tensor of probabilities: convert with zipmap off")
    graph.initializer.append(helper.make_tensor("score_column", TensorProto.INT64, [1], [positive]))
    graph.node.append(helper.make_node("Gather", [probabilities[0].name, "score_column"], ["score"], axis=1))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("score", TensorProto.FLOAT, [None, 1]))
    if not any(o.domain == "" for o in model.opset_import):  # XGBoost's converter names only ai.onnx.ml
        model.opset_import.append(helper.make_opsetid("", 17))
    onnx.checker.check_model(model)
    return model


def _from_sklearn(model) -> onnx.ModelProto:
    # A fixed name: the converter's default is a random one, and the same model would have another digest each time.
    return convert_sklearn(
        model,
        name="fraud",
        initial_types=[("features", FloatTensorType([None, len(FEATURES)]))],
        target_opset={"": 17, "ai.onnx.ml": 3},
        options={"zipmap": False},
    )


def _from_xgboost(model) -> onnx.ModelProto:
    inputs = [("features", XgboostFloats([None, len(FEATURES)]))]
    return convert_xgboost(model, name="fraud", initial_types=inputs, target_opset=15)


_BOOSTED = {"n_estimators": 120, "max_depth": 4, "learning_rate": 0.08, "subsample": 0.8}
_HISTOGRAM = {"max_iter": 300, "max_leaf_nodes": 31, "min_samples_leaf": 100, "learning_rate": 0.1}
_LOGISTIC = {"max_iter": 1000}

VARIANTS = {
    "v1": Variant(
        lambda seed: make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(**_LOGISTIC)),
        _from_sklearn,
        "logistic regression, nulls imputed",
        {"model": "logistic regression", "imputer": "mean", **_LOGISTIC},
    ),
    "v2": Variant(
        lambda seed: XGBClassifier(**_BOOSTED, tree_method="hist", n_jobs=1, random_state=seed),
        _from_xgboost,
        "boosted trees",
        {"model": "xgboost", **_BOOSTED},
    ),
    "v3": Variant(
        lambda seed: HistGradientBoostingClassifier(**_HISTOGRAM, early_stopping=False, random_state=seed),
        _from_sklearn,
        "boosted trees, trained on last midnight's features",
        {"model": "histogram gradient boosting", **_HISTOGRAM},
        stale=True,
    ),
    "v4": Variant(
        lambda seed: make_pipeline(StandardScaler(), LogisticRegression(**_LOGISTIC)),
        _from_sklearn,
        "logistic regression without an imputer",
        {"model": "logistic regression", "imputer": "none", **_LOGISTIC},
        takes_nulls=False,
    ),
}
