"""The style sheet, written once over the tokens of `ui.style.theme`."""

from __future__ import annotations

from importlib.resources import files

from ui.style.theme import Tokens

_SHEET = """
QWidget {{ color: {text}; }}
QMainWindow, QDialog, #page {{ background: {ground}; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px 8px; }}
#side {{ background: {side}; border: none; border-right: 1px solid {line}; }}
#firstRunFoot {{ border: none; border-top: 1px solid {line}; }}
#details {{ background: {side}; border: none; border-left: 1px solid {line}; }}
#details QScrollArea, #detailsBody {{ background: transparent; border: none; }}
QLabel {{ background: transparent; }}
QTextEdit[block="true"] {{ background: transparent; border: none; padding: 0; selection-background-color: {accent};
  selection-color: {on_accent}; }}
QTextEdit[role="heading"] {{ font-size: 14pt; font-weight: 600; }}
QTextEdit[role="muted"] {{ color: {muted}; }}
QTextEdit[role="small"] {{ color: {muted}; font-size: 9pt; }}
QLabel[role="title"] {{ font-size: 22pt; font-weight: 600; }}
QLabel[role="heading"] {{ font-size: 14pt; font-weight: 600; }}
QLabel[role="section"] {{ font-size: 9pt; font-weight: 600; color: {muted}; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="small"] {{ color: {muted}; font-size: 9pt; }}
QLabel[role="lead"] {{ font-size: 11pt; color: {muted}; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="step"] {{ background: {tint}; color: {accent}; border-radius: 14px; font-weight: 600; }}
QLabel[role="bad"] {{ color: {bad}; }}
QLabel[role="good"] {{ color: {good}; }}

QPushButton {{ background: {raised}; border: 1px solid {line}; border-radius: 8px; padding: 6px 14px;
  min-height: 20px; }}
QPushButton:hover {{ background: {sunken}; }}
QPushButton:pressed {{ background: {line}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 5px 13px; }}
QPushButton:disabled {{ color: {muted}; background: {sunken}; }}
QPushButton[role="primary"] {{ background: {accent}; color: {on_accent}; border: 1px solid {accent};
  font-weight: 600; }}
QPushButton[role="primary"]:hover {{ background: {accent_hover}; }}
QPushButton[role="primary"]:focus {{ border: 2px solid {text}; }}
QPushButton[role="primary"]:disabled {{ background: {sunken}; color: {muted}; border-color: {line}; }}
QDialog QPushButton:default {{ background: {accent}; color: {on_accent}; border: 1px solid {accent};
  font-weight: 600; }}
QDialog QPushButton:default:hover {{ background: {accent_hover}; }}
QDialog QPushButton:default:focus {{ border: 2px solid {text}; }}
QPushButton[role="quiet"], QToolButton {{ background: transparent; border: 1px solid transparent;
  border-radius: 8px; padding: 5px 8px; }}
QPushButton[role="quiet"]:hover, QToolButton:hover {{ background: {sunken}; }}
QPushButton[role="quiet"]:focus, QToolButton:focus {{ border: 2px solid {accent}; padding: 4px 7px; }}
QToolButton:checked {{ background: {tint}; color: {accent}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
QPushButton[role="link"] {{ background: transparent; border: 1px solid transparent; color: {accent};
  padding: 2px 4px; text-align: left; }}
QPushButton[role="link"]:hover {{ text-decoration: underline; }}
QPushButton[role="link"]:focus {{ border: 2px solid {accent}; padding: 1px 3px; }}
QPushButton[role="link"][flush="true"] {{ padding: 2px 4px 2px 0; }}
QPushButton[role="link"][flush="true"]:focus {{ padding: 1px 3px 1px 0; }}
QPushButton[role="nav"] {{ background: transparent; border: 1px solid transparent; border-radius: 8px;
  padding: 6px 10px; text-align: left; min-height: 20px; }}
QPushButton[role="nav"]:hover {{ background: {line}; }}
QPushButton[role="nav"]:checked {{ background: {tint}; color: {accent}; font-weight: 600; }}
QPushButton[role="nav"]:focus {{ border: 2px solid {accent}; padding: 5px 9px; }}
QToolButton[role="overlay"] {{ background: rgba(20, 20, 24, 150); border: 1px solid rgba(255, 255, 255, 40);
  border-radius: 8px; padding: 6px; color: white; }}
QToolButton[role="overlay"]:hover {{ background: rgba(70, 70, 80, 200); }}
QToolButton[role="overlay"]:checked {{ background: rgba(120, 115, 240, 220); }}
QToolButton[role="overlay"]:focus {{ border: 2px solid white; padding: 5px; }}

#textSheet {{ background: #fbfbf8; color: #1a1a21; border: none; border-radius: 10px; padding: 0;
  selection-background-color: #5650d6; selection-color: #ffffff; }}
#searchField {{ background: {raised}; border: 1px solid {line}; border-radius: 12px; }}
#searchField[focused="true"] {{ border: 2px solid {accent}; }}
#searchField QLineEdit {{ border: none; background: transparent; padding: 0; min-height: 28px;
  font-size: 12pt; }}
QLineEdit, QPlainTextEdit, QSpinBox, QComboBox, QDateEdit, QDoubleSpinBox {{ background: {raised};
  border: 1px solid {line}; border-radius: 8px; padding: 5px 8px; min-height: 20px;
  selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QComboBox:focus, QDateEdit:focus,
QDoubleSpinBox:focus {{ border: 2px solid {accent}; padding: 4px 7px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 24px; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {line}; border-radius: 8px; padding: 4px;
  selection-background-color: {tint}; selection-color: {accent}; outline: none; }}
QCheckBox {{ spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: 6px; }}
QCheckBox::indicator, QListView::indicator, QMenu::indicator {{ width: 16px; height: 16px; border: 1px solid {grip};
  border-radius: 5px; background: {raised}; }}
QMenu::indicator {{ margin-left: 6px; }}
QMenu::indicator:exclusive {{ border-radius: 8px; }}
QCheckBox::indicator:checked, QListView::indicator:checked, QMenu::indicator:checked {{ background: {accent};
  border-color: {accent}; image: url({check}); }}
QCheckBox::indicator:indeterminate {{ background: {tint}; border-color: {accent}; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url({chevron}); width: 14px; height: 14px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: 22px; border: none;
  background: transparent; }}
QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin-top: 2px; }}
QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin-bottom: 2px; }}
QAbstractSpinBox::up-arrow {{ image: url({chevron_up}); width: 12px; height: 12px; }}
QAbstractSpinBox::down-arrow {{ image: url({chevron}); width: 12px; height: 12px; }}
QCheckBox:focus {{ border: 2px solid {accent}; }}

QMenu {{ background: {raised}; border: 1px solid {line}; border-radius: 10px; padding: 6px; }}
QMenu::item {{ padding: 6px 24px 6px 10px; border-radius: 6px; margin: 0; }}
QMenu::item:selected {{ background: {tint}; color: {accent}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 6px 8px; }}
QMenu::icon {{ padding-left: 8px; }}

QSlider {{ min-height: 24px; }}
QSlider::groove:horizontal {{ height: 4px; background: {line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {raised}; border: 2px solid {accent}; width: 12px; height: 12px;
  margin: -6px 0; border-radius: 8px; }}
QSlider:focus {{ border: 2px solid {accent}; border-radius: 8px; }}
QProgressBar {{ background: {line}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 3px; }}

QListView, QListWidget, QTreeView, QTableView, QScrollArea {{ background: transparent; border: none; outline: none; }}
#recentSearches {{ background: {raised}; border: 1px solid {line}; border-radius: 8px; color: {text}; }}
#recentSearches::item {{ padding: 6px 8px; min-height: 20px; border-radius: 6px; }}
#recentSearches::item:hover, #recentSearches::item:selected {{ background: {tint}; color: {accent}; }}
QListWidget::item {{ padding: 6px 8px; border-radius: 8px; color: {text}; }}
QListWidget::item:hover {{ background: {sunken}; }}
QListWidget::item:selected {{ background: {tint}; color: {accent}; }}
#scrollBody {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {grip}; border-radius: 4px; min-height: 40px; }}
QScrollBar::handle:vertical:disabled {{ background: transparent; }}
QScrollBar::handle:vertical:hover {{ background: {muted}; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle:horizontal {{ background: {grip}; border-radius: 4px; min-width: 40px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QFrame[role="card"] {{ background: {raised}; border: 1px solid {line}; border-radius: 12px; }}
QFrame[role="well"] {{ background: {sunken}; border: none; border-radius: 12px; }}
QFrame[role="line"] {{ background: {line}; border: none; max-height: 1px; min-height: 1px; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QMessageBox #qt_msgbox_label {{ font-size: 12pt; font-weight: 600; min-width: 380px; padding: 12px 12px 0 4px; }}
QMessageBox #qt_msgbox_informativelabel {{ color: {muted}; min-width: 380px; padding: 4px 12px 12px 4px; }}
#banner {{ background: {tint}; border-radius: 10px; }}
#banner[level="error"], #banner[level="warning"] {{ background: {sunken}; border: 1px solid {line}; }}
#chip {{ background: {tint}; border: 1px solid transparent; border-radius: 8px; }}
#chip:focus {{ border: 2px solid {accent}; }}
#chip[minus="true"] {{ background: {sunken}; border: 1px solid {line}; }}
#chip QLabel {{ color: {accent}; font-weight: 600; }}
#chip[minus="true"] QLabel {{ color: {bad}; }}
#chip QToolButton {{ padding: 0; border-radius: 6px; }}
#tag {{ background: {tint}; color: {accent}; border-radius: 8px; padding: 3px 8px; font-weight: 600;
  border: 1px solid transparent; min-height: 14px; }}
#tag:focus {{ border: 2px solid {accent}; }}
#tag[proposed="true"] {{ background: transparent; border: 1px dashed {grip}; color: {text}; font-weight: 400; }}
#tag[proposed="true"]:focus {{ border: 2px solid {accent}; }}
#palette {{ background: {raised}; border: 1px solid {line}; border-radius: 16px; }}
#palette QLineEdit {{ border: none; background: transparent; font-size: 16pt; min-height: 36px; }}
"""


def _url(file: object) -> str:
    return str(file).replace("\\", "/")


def stylesheet(tokens: Tokens) -> str:
    """The style sheet for one appearance."""
    names = {name: getattr(tokens, name) for name in tokens.__slots__}
    icons = (files("resources") / "icons").joinpath
    names["check"] = _url(icons(f"check-{'dark' if tokens.on_accent != '#ffffff' else 'light'}.svg"))
    names["chevron_up"] = _url(icons("chevron-up.svg"))
    names["chevron"] = _url(icons("chevron.svg"))
    names["grip"] = "#55555f" if tokens.dark else "#c3c3cd"
    names["accent_hover"] = "#b8b6ff" if tokens.dark else "#4842bf"
    return _SHEET.format(**names)
