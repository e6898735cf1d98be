"""The articles that are followed."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.stock.models import Article
from quenotte.care.stock.operations.refusals import ArticleChanged, GtinTaken
from quenotte.care.stock.operations.writing import article_of, tell


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of an article."""

    name: str
    category: str
    maker: str = ""
    supplier: str = ""
    reference: str = ""
    gtin: str = ""
    unit: str = "unité"
    reorder_point: int = 0
    order_quantity: int = 0
    is_active: bool = True


@transaction.atomic
def add_article(*, actor: Actor, described: Described) -> Article:
    """Follow a new article. Raises: GtinTaken."""
    article = Article(practice_id=actor.own_practice_id)
    _describe(article, described)
    tell(actor, Action.CREATE, "article", article.id)
    return article


@transaction.atomic
def change_article(*, actor: Actor, article_id: UUID, described: Described, seen: int) -> Article:
    """Save an article again; ``seen`` is the version that the form was filled from.

    Raises: ArticleChanged, GtinTaken, NoSuchLot.
    """
    article = article_of(actor, article_id)
    if article.version != seen:
        raise ArticleChanged
    article.version += 1
    _describe(article, described)
    tell(actor, Action.CHANGE, "article", article.id)
    return article


def _describe(article: Article, described: Described) -> None:
    for name in Described.__slots__:
        setattr(article, name, getattr(described, name))
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError as error:
        raise GtinTaken from error
