from .initiative import Initiative, InitiativeFigure, InitiativePhoto, Partner, Update
from .vocabulary import Audience, KeyFeature, Theme

__all__ = [
    "Audience",
    "Initiative",
    "InitiativeFigure",
    "InitiativePhoto",
    "KeyFeature",
    "Partner",
    "Theme",
    "Update",
]
