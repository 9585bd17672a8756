import { Controller, Get, Header, Query, StreamableFile } from '@nestjs/common';
import { layoutSheet, layoutSheets, MarkerMap, SheetRequest, SheetsRequest } from '#protocol/alignment/index';
import { Endpoint } from '../platform/http/index.ts';
import { markerSheetPdf } from './markers-pdf.ts';

/** Sheets of markers to print. They hold nothing of a project, so everybody may make one. */
@Controller('api/guidance/marker-sheet')
export class MarkersController {
  @Get('sheet.pdf')
  @Header('cache-control', 'no-cache')
  @Endpoint({
    summary:
      'Sheets of markers to print, or single ones of given edges, true to size, with a ruler to check the printer',
    access: 'public',
    query: SheetsRequest,
    produces: 'application/pdf',
  })
  async sheet(@Query() request: SheetsRequest): Promise<StreamableFile> {
    const bytes = await markerSheetPdf(layoutSheets(request), request.language);
    return new StreamableFile(bytes, {
      type: 'application/pdf',
      disposition: `inline; filename="markers-${request.first}.pdf"`,
      length: bytes.length,
    });
  }

  @Get('map.json')
  @Header('cache-control', 'no-cache')
  @Endpoint({
    summary: 'Where the markers lie on that sheet, for aligning by it',
    access: 'public',
    query: SheetRequest,
    response: MarkerMap,
  })
  map(@Query() request: SheetRequest): MarkerMap {
    return layoutSheet(request).map;
  }
}
